import * as mlplatform from "@pulumi/mlplatform";
import * as pulumi from "@pulumi/pulumi";

// another team's stack: its outputs are passed on unchanged
const shared = new pulumi.StackReference(new pulumi.Config().require("cluster-stack"));

const owner = { owner: "vision-team", costCenter: "4711" };
const target = { cloud: "aws", account_id: "123456789012", region: "us-east-1" };

const keys = new mlplatform.Keys("keys", { context: { name: "vision-keys", ...owner, target } });

const trainer = new mlplatform.Identity("trainer", {
    context: { name: "vision-jobs", ...owner, target },
    purpose: "pipelines",
});

const store = new mlplatform.ArtifactStore("store", {
    context: { name: "vision", ...owner, target, existing: { aws: { keys: { arns: keys.ids } } } },
    data: { worm: { days: 30 } },
    grants: [{ identity: "trainer", principal: trainer.principal, read: ["data"], write: ["models"] }],
});

const pool = new mlplatform.GpuNodePool("pool", {
    context: {
        name: "vision-gpu",
        ...owner,
        target,
        existing: {
            aws: {
                cluster: {
                    clusterName: shared.requireOutput("clusterName"),
                    nodeRoleArn: shared.requireOutput("nodeRoleArn"),
                    subnets: { "us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1" },
                },
                keys: { default: keys.ids.apply((ids) => ids["volumes"]) },
            },
        },
    },
    name: "l4",
    accelerator: ["L4:1"],
    maxNodes: 4,
    capacity: "spot",
});

export const uris = store.uris;
export const machine = pool.machineType;
