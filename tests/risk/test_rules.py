"""Each rule: something dangerous is found, something harmless is not, and what is not its business is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.risk import catalogue
from mlplatform.risk.catalogue import all_rules
from mlplatform.risk.rule import Hit, RiskRule

from .conftest import found, report, step
from .edits.tables import EDITS

BUCKET = "aws:s3/bucket:Bucket"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
POOL = "gcp:container/nodePool:NodePool"


def policy(*actions: str, resource: str = "arn:aws:s3:::acme/*", **more: object) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]})


def lifecycle(days: int) -> dict[str, object]:
    return {"rules": [{"id": "old", "status": "Enabled", "expiration": {"days": days}}]}


LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
MEMBER = "gcp:projects/iAMMember:IAMMember"
OWNER = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
KEY = "aws:kms/key:Key"
OWN_CALLERS = {"StringEquals": {"kms:CallerAccount": "123456789012"}}
PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
GCP_BUCKET = "gcp:storage/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
POLICY = "azure-native:storage:ManagementPolicy"
MODEL = "aws:sagemaker/model:Model"
SUBNET = "azure-native:network:Subnet"
OLD_VERSIONS: dict[str, object] = {
    "action": {"type": "Delete"},
    "condition": {"daysSinceNoncurrentTime": 90, "withState": "ARCHIVED"},
}
AFTER_A_YEAR: dict[str, object] = {"action": {"type": "Delete"}, "condition": {"age": 365, "withState": "LIVE"}}


CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
TARGET = "aws:appautoscaling/target:Target"


def variant(machine: str, model: str = "m1") -> dict[str, object]:
    return {"productionVariants": [{"variantName": "main", "instanceType": machine, "modelName": model}]}


DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
RELEASE_OF = "kubernetes:helm.sh/v3:Release"


def queue(name: str, quotas: dict[str, str]) -> Step:
    flavors = [
        {"name": flavor, "resources": [{"name": "nvidia.com/gpu", "nominalQuota": amount}]}
        for flavor, amount in quotas.items()
    ]
    spec = {"resourceGroups": [{"coveredResources": ["nvidia.com/gpu"], "flavors": flavors}]}
    return step("kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue", name, {"spec": spec})


def group(pool: str, name: str = "") -> Step:
    return step("aws:eks/nodeGroup:NodeGroup", name or pool, {"labels": {"mlplatform.dev/pool": pool}})


def model(pool: str) -> Step:
    pods = {"template": {"spec": {"nodeSelector": {"mlplatform.dev/pool": pool}}}}
    return step("kubernetes:apps/v1:Deployment", "model", {"spec": pods})


def way(name: str, namespace: str, **options: object) -> Step:
    inputs = {"metadata": {"name": "default", "namespace": namespace}, "spec": {"clusterQueue": "q"}}
    return step("kubernetes:kueue.x-k8s.io/v1beta2:LocalQueue", name, inputs, **options)


def space(name: str) -> Step:
    return step("kubernetes:core/v1:Namespace", name, {"metadata": {"name": name}})


RELEASE = "azure-native:resources:Deployment"


def deployment(name: str, instances: int) -> dict[str, object]:
    kind = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
    resource = {"type": kind, "name": f"ml/scorer/{name}", "sku": {"name": "Default", "capacity": instances}}
    return {"properties": {"template": {"resources": [resource]}}}


def autoscaled(name: str) -> Step:
    capacity = {"minimum": "1", "maximum": "4", "default": "1"}
    inputs = {"targetResourceUri": f"/x/deployments/{name}", "profiles": [{"capacity": capacity}]}
    return step("azure-native:monitor:AutoscaleSetting", "scale", inputs)


def revision(name: str, least: int, most: int) -> dict[str, object]:
    scaling = {"minInstanceCount": least, "maxInstanceCount": most}
    return {"template": {"revision": name, "scaling": scaling}}


def blobs(days: int) -> dict[str, object]:
    actions = {"version": {"delete": {"daysAfterCreationGreaterThan": days}}}
    return {"name": "old", "enabled": True, "type": "Lifecycle", "definition": {"actions": actions}}


LAUNCH = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = step(
    "aws:eks/nodeGroup:NodeGroup",
    "n",
    {"launchTemplate": {"id": "lt", "version": "1"}},
    property_dependencies={"launchTemplate": (step(LAUNCH, "t").urn,)},
)


CACHE = "gcp:artifactregistry/repository:Repository"
SERVICE = "gcp:cloudrunv2/service:Service"
SCALED = step(TARGET, "t", {"resourceId": "endpoint/fraud/variant/main", "minCapacity": 1, "maxCapacity": 4})


def variants(*names: str) -> dict[str, object]:
    return {
        "productionVariants": [
            {"variantName": name, "instanceType": "ml.m5.large", "initialInstanceCount": 1} for name in names
        ]
    }


NODES = "aws:eks/nodeGroup:NodeGroup"
AKS = "azure-native:containerservice:ManagedCluster"


def nodes(least: int, present: int, most: int) -> dict[str, object]:
    scaling = {"minSize": least, "desiredSize": present, "maxSize": most}
    return {"nodeGroupName": "gpus", "clusterName": "acme", "scalingConfig": scaling}


def system_pools(*names: str, **more: object) -> dict[str, object]:
    return {"resourceName": "acme", "agentPoolProfiles": [{"name": name, **more} for name in names]}


CASES: list[tuple[str, str, list[Step], list[Step], list[tuple[str, str, str]]]] = [
    # rule, what it shows, before, after, level + resource + path
    ("stateful-deleted", "a bucket", [step(BUCKET, "data")], [], [("critical", "data", "")]),
    (
        "stateful-deleted",
        "a bucket that stays in the cloud",
        [step(BUCKET, "data", retain_on_delete=True)],
        [],
        [("medium", "data", "")],
    ),
    ("stateful-deleted", "a role holds nothing", [step("aws:iam/role:Role", "r")], [], []),
    ("stateful-deleted", "a bucket that stays", [step(BUCKET, "data")], [step(BUCKET, "data")], []),
    (
        "stateful-replaced",
        "a bucket under another name",
        [step(BUCKET, "data", {"bucket": "acme-a"})],
        [step(BUCKET, "data", {"bucket": "acme-b"})],
        [("critical", "data", "bucket")],
    ),
    (
        "stateful-replaced",
        "tags change in place",
        [step(BUCKET, "data", {"tags": {"a": "1"}})],
        [step(BUCKET, "data", {"tags": {"a": "2"}})],
        [],
    ),
    (
        "retention-shortened",
        "fewer days",
        [step(LIFECYCLE, "l", lifecycle(90))],
        [step(LIFECYCLE, "l", lifecycle(30))],
        [("high", "l", "rules[0].expiration.days")],
    ),
    (
        "retention-shortened",
        "moved to a cheaper class earlier",
        [step(LIFECYCLE, "l", {"rules": [{"transitions": [{"days": 90, "storageClass": "GLACIER_IR"}]}]})],
        [step(LIFECYCLE, "l", {"rules": [{"transitions": [{"days": 30, "storageClass": "GLACIER_IR"}]}]})],
        [],
    ),
    (
        "retention-shortened",
        "more days",
        [step(LIFECYCLE, "l", lifecycle(30))],
        [step(LIFECYCLE, "l", lifecycle(90))],
        [],
    ),
    (
        "retention-shortened",
        "a duration",
        [step("gcp:storage/bucket:Bucket", "b", {"softDeletePolicy": {"retentionDurationSeconds": 604800}})],
        [step("gcp:storage/bucket:Bucket", "b", {"softDeletePolicy": {"retentionDurationSeconds": 0}})],
        [("high", "b", "softDeletePolicy.retentionDurationSeconds")],
    ),
    (
        "retention-shortened",
        "logs",
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"retentionInDays": 365})],
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"retentionInDays": 30})],
        [("high", "g", "retentionInDays")],
    ),
    (
        "protection-off",
        "no longer protected",
        [step(BUCKET, "data", protect=True)],
        [step(BUCKET, "data")],
        [("high", "data", "")],
    ),
    (
        "protection-off",
        "the cloud's own protection",
        [step("gcp:container/cluster:Cluster", "c", {"deletionProtection": True})],
        [step("gcp:container/cluster:Cluster", "c", {"deletionProtection": False})],
        [("high", "c", "deletionProtection")],
    ),
    ("protection-off", "made protected", [step(BUCKET, "data")], [step(BUCKET, "data", protect=True)], []),
    (
        "update-refused",
        "a variant more",
        [step(CONFIGURATION, "c", variants("main"))],
        [step(CONFIGURATION, "c", variants("main", "canary"))],
        [("high", "c", "productionVariants")],
    ),
    (
        "update-refused",
        "a variant with another name",
        [step(CONFIGURATION, "c", variants("main"))],
        [step(CONFIGURATION, "c", variants("best"))],
        [("high", "c", "productionVariants")],
    ),
    (
        "update-refused",
        "the endpoint goes with it",
        [step(CONFIGURATION, "c", variants("main")), step(ENDPOINT, "e")],
        [step(CONFIGURATION, "c", variants("best"))],
        [],
    ),
    (
        "replicas-set-back",
        "another model of an autoscaled variant",
        [step(CONFIGURATION, "c", variants("main")), SCALED],
        [step(CONFIGURATION, "c", {**variants("main"), "namePrefix": "d-"}), SCALED],
        [("medium", "c", "productionVariants")],
    ),
    (
        "replicas-set-back",
        "a new deployment of an autoscaled variant",
        [step(RELEASE, "r", deployment("main-old", 1)), autoscaled("main-old")],
        [step(RELEASE, "r", deployment("main-new", 1)), autoscaled("main-new")],
        [("medium", "r", "properties.template")],
    ),
    (
        "replicas-set-back",
        "a new deployment of a fixed count",
        [step(RELEASE, "r", deployment("main-old", 1))],
        [step(RELEASE, "r", deployment("main-new", 1))],
        [],
    ),
    (
        "replicas-set-back",
        "a new revision of an autoscaled service",
        [step(SERVICE, "s", revision("a", 1, 4))],
        [step(SERVICE, "s", revision("b", 1, 4))],
        [("low", "s", "template.revision")],
    ),
    (
        "replicas-set-back",
        "a new revision of a fixed count",
        [step(SERVICE, "s", revision("a", 4, 4))],
        [step(SERVICE, "s", revision("b", 4, 4))],
        [],
    ),
    (
        "replicas-set-back",
        "tags of a configuration",
        [step(CONFIGURATION, "c", {**variants("main"), "tags": {"a": "1"}}), SCALED],
        [step(CONFIGURATION, "c", {**variants("main"), "tags": {"a": "2"}}), SCALED],
        [],
    ),
    (
        "service-deleted",
        "an endpoint with the cache of its images",
        [
            step(CACHE, "cache", {"mode": "REMOTE_REPOSITORY"}),
            step(SERVICE, "s", dependencies=(step(CACHE, "cache").urn,)),
        ],
        [],
        [("high", "s", "")],
    ),
    (
        "stateful-deleted",
        "a cache of public images holds nothing of its own",
        [step(CACHE, "cache", {"mode": "REMOTE_REPOSITORY"})],
        [],
        [],
    ),
    (
        "nodes-recycled",
        "a new version of their launch template, which the groups' own inputs do not show",
        [step(LAUNCH, "t", {"userData": "a"}), GROUP],
        [step(LAUNCH, "t", {"userData": "b"}), GROUP],
        [("medium", "n", "launchTemplate.version")],
    ),
    (
        "nodes-recycled",
        "tags of the launch template make no version",
        [step(LAUNCH, "t", {"tags": {"a": "1"}}), GROUP],
        [step(LAUNCH, "t", {"tags": {"a": "2"}}), GROUP],
        [],
    ),
    (
        "nodes-recycled",
        "disks of a GKE pool",
        [step(POOL, "n", {"nodeConfig": {"diskSizeGb": 100}})],
        [step(POOL, "n", {"nodeConfig": {"diskSizeGb": 200}})],
        [("medium", "n", "nodeConfig.diskSizeGb")],
    ),
    (
        "nodes-recycled",
        "labels of a GKE pool change on its nodes",
        [step(POOL, "n", {"nodeConfig": {"resourceLabels": {"a": "1"}}})],
        [step(POOL, "n", {"nodeConfig": {"resourceLabels": {"a": "2"}}})],
        [],
    ),
    (
        "pool-before-pods",
        "an endpoint moves to another pool, and its former one goes",
        [group("a"), model("a")],
        [group("b"), model("b")],
        [("high", "a", "")],
    ),
    (
        "pool-before-pods",
        "an endpoint and its pool go",
        [group("a"), group("b"), model("a")],
        [group("b")],
        [("medium", "a", "")],
    ),
    (
        "pool-before-pods",
        "a pool that nothing selects",
        [group("a"), group("b"), model("b")],
        [group("b"), model("b")],
        [],
    ),
    (
        "pool-before-pods",
        "a pool that is made anew under another name",
        [group("a"), model("a")],
        [group("a", "a-2"), model("a")],
        [],
    ),
    (
        "pool-before-pods",
        "the whole cluster, which is told itself",
        [group("a"), model("a"), step("aws:eks/cluster:Cluster", "c")],
        [],
        [],
    ),
    ("queue-lowered", "a queue", [queue("q", {"a": "8"})], [], [("high", "q", "")]),
    (
        "queue-lowered",
        "the way into a queue that stays",
        [queue("q", {"a": "8"}), way("l", "team")],
        [queue("q", {"a": "8"})],
        [("high", "l", "")],
    ),
    (
        "queue-lowered",
        "a queue with the way into it",
        [queue("q", {"a": "8"}), way("l", "team", dependencies=(queue("q", {}).urn,))],
        [],
        [("high", "q", "")],
    ),
    (
        "queue-lowered",
        "a lower quota in one pool",
        [queue("q", {"a": "8", "b": "8"})],
        [queue("q", {"a": "4", "b": "16"})],
        [("medium", "q", "spec.resourceGroups")],
    ),
    (
        "queue-lowered",
        "a pool that is taken away",
        [queue("q", {"a": "8", "b": "8"})],
        [queue("q", {"b": "8"})],
        [("medium", "q", "spec.resourceGroups")],
    ),
    ("queue-lowered", "a higher quota", [queue("q", {"a": "8"})], [queue("q", {"a": "9"})], []),
    ("queue-lowered", "a flavor with another name", [queue("q", {"a-1": "8"})], [queue("q", {"a-2": "8"})], []),
    (
        "queue-lowered",
        "the whole cluster, which is told itself",
        [queue("q", {"a": "8"}), step("aws:eks/cluster:Cluster", "c")],
        [],
        [],
    ),
    ("objects-deleted", "a namespace", [space("n")], [], [("high", "n", "")]),
    ("objects-deleted", "a namespace of jobs", [space("n"), way("l", "n")], [way("l", "n")], [("critical", "n", "")]),
    ("objects-deleted", "a definition", [step(DEFINITION, "d")], [], [("critical", "d", "")]),
    (
        "objects-deleted",
        "a definition that stays in the cluster",
        [step(DEFINITION, "d", retain_on_delete=True)],
        [],
        [("low", "d", "")],
    ),
    ("objects-deleted", "the queue's chart", [step(RELEASE_OF, "r", {"chart": "kueue"})], [], [("critical", "r", "")]),
    (
        "objects-deleted",
        "a protected chart",
        [step(RELEASE_OF, "r", {"chart": "oci://x/kueue"}, protect=True)],
        [],
        [("critical", "r", "")],
    ),
    ("objects-deleted", "a chart whose kinds stay", [step(RELEASE_OF, "r", {"chart": "jobset"})], [], []),
    (
        "objects-deleted",
        "the whole cluster, which is told itself",
        [space("n"), step("azure-native:containerservice:ManagedCluster", "c")],
        [],
        [],
    ),
    ("service-deleted", "an endpoint", [step(ENDPOINT, "fraud")], [], [("high", "fraud", "")]),
    (
        "service-deleted",
        "an endpoint of a cluster",
        [step("kubernetes:core/v1:Service", "fraud", {"spec": {"selector": {"a": "b"}}})],
        [],
        [("high", "fraud", "")],
    ),
    (
        "service-deleted",
        "a variant of an endpoint of a cluster",
        [step("kubernetes:core/v1:Service", "fraud--next", {"spec": {"clusterIP": "None"}})],
        [],
        [],
    ),
    ("service-deleted", "an API that is turned off", [step("gcp:projects/service:Service", "api")], [], []),
    (
        "service-replaced",
        "a node pool in a fixed name",
        [step(POOL, "p", {"name": "a", "location": "x", "cluster": "c"}, delete_before_replace=True)],
        [step(POOL, "p", {"name": "b", "location": "x", "cluster": "c"}, delete_before_replace=True)],
        [("high", "p", "name")],
    ),
    (
        "nodes-recycled",
        "a newer version",
        [step("aws:eks/cluster:Cluster", "c", {"version": "1.33"})],
        [step("aws:eks/cluster:Cluster", "c", {"version": "1.34"})],
        [("medium", "c", "version")],
    ),
    (
        "nodes-recycled",
        "more nodes",
        [step(POOL, "p", {"autoscaling": {"maxNodeCount": 4}})],
        [step(POOL, "p", {"autoscaling": {"maxNodeCount": 8}})],
        [],
    ),
    (
        "update-refused",
        "a least number of nodes above the present one",
        [step(NODES, "n", nodes(0, 0, 4))],
        [step(NODES, "n", nodes(1, 1, 4))],
        [("high", "n", "scalingConfig.minSize")],
    ),
    (
        "update-refused",
        "a least number of nodes that run already",
        [step(NODES, "n", nodes(0, 2, 4))],
        [step(NODES, "n", nodes(1, 1, 4))],
        [],
    ),
    (
        "update-refused",
        "a greatest number of nodes below the present one",
        [step(NODES, "n", nodes(0, 3, 4))],
        [step(NODES, "n", nodes(0, 0, 2))],
        [("high", "n", "scalingConfig.maxSize")],
    ),
    (
        "update-refused",
        "a smaller greatest number of nodes",
        [step(NODES, "n", nodes(0, 0, 4))],
        [step(NODES, "n", nodes(0, 0, 2))],
        [("low", "n", "scalingConfig.maxSize")],
    ),
    (
        "update-refused",
        "another node group",
        [step(NODES, "n", nodes(0, 0, 4))],
        [step(NODES, "n", {**nodes(1, 1, 2), "nodeGroupName": "another"})],
        [],
    ),
    (
        "update-refused",
        "another machine of the first pools of AKS",
        [step(AKS, "c", system_pools("a", vmSize="Standard_D4ds_v5"))],
        [step(AKS, "c", system_pools("a", vmSize="Standard_D8ds_v5"))],
        [("high", "c", "agentPoolProfiles")],
    ),
    (
        "update-refused",
        "one of the first pools of AKS less",
        [step(AKS, "c", system_pools("a", "b"))],
        [step(AKS, "c", system_pools("a"))],
        [("medium", "c", "agentPoolProfiles")],
    ),
    (
        "update-refused",
        "more nodes, and another pool, of AKS",
        [step(AKS, "c", system_pools("a", maxCount=2))],
        [step(AKS, "c", system_pools("a", "b", maxCount=4))],
        [],
    ),
    (
        "update-refused",
        "another machine for a variant that is scaled",
        [
            step(CONFIGURATION, "c", variant("ml.g6.xlarge")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/main"}),
        ],
        [
            step(CONFIGURATION, "c", variant("ml.g5.xlarge")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/main"}),
        ],
        [("high", "c", "productionVariants")],
    ),
    (
        "update-refused",
        "another machine for a variant beside it",
        [
            step(CONFIGURATION, "c", variant("ml.g6.xlarge")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/old"}),
        ],
        [
            step(CONFIGURATION, "c", variant("ml.g5.xlarge")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/old"}),
        ],
        [],
    ),
    (
        "update-refused",
        "another model on the same machine",
        [
            step(CONFIGURATION, "c", variant("ml.g6.xlarge")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/main"}),
        ],
        [
            step(CONFIGURATION, "c", variant("ml.g6.xlarge", "m2")),
            step(TARGET, "t", {"resourceId": "endpoint/e/variant/main"}),
        ],
        [],
    ),
    (
        "replicas-set-back",
        "the least number of a deployment that stays",
        [step(RELEASE, "r", deployment("main-1a", 2))],
        [step(RELEASE, "r", deployment("main-1a", 4))],
        [("medium", "r", "properties.template")],
    ),
    (
        "replicas-set-back",
        "a new deployment beside it",
        [step(RELEASE, "r", deployment("main-1a", 2))],
        [step(RELEASE, "r", deployment("main-2b", 4))],
        [],
    ),
    (
        "replicas-set-back",
        "something else that a template makes",
        [
            step(
                RELEASE,
                "r",
                {"properties": {"template": {"resources": [{"type": "Microsoft.Web/sites", "name": "a"}]}}},
            )
        ],
        [
            step(
                RELEASE,
                "r",
                {"properties": {"template": {"resources": [{"type": "Microsoft.Web/sites", "name": "b"}]}}},
            )
        ],
        [],
    ),
    (
        "access-widened",
        "one more action",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject", "s3:PutObject")})],
        [("medium", "p", "")],
    ),
    (
        "access-widened",
        "a whole service",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:*")})],
        [("high", "p", "")],
    ),
    (
        "access-widened",
        "one action less",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject", "s3:PutObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [],
    ),
    (
        "access-widened",
        "everybody",
        [],
        [step("gcp:storage/bucketIAMMember:BucketIAMMember", "m", {"bucket": "b", "role": "r", "member": "allUsers"})],
        [("critical", "m", "")],
    ),
    (
        "access-widened",
        "an owner",
        [],
        [step(ASSIGNMENT, "a", {"principalId": "p", "roleDefinitionId": OWNER, "scope": "/subscriptions/s"})],
        [("high", "a", "")],
    ),
    (
        "access-widened",
        "a new identity brings its rights",
        [],
        [
            step(
                "gcp:serviceaccount/account:Account",
                "new",
                outputs={"member": "serviceAccount:new@acme.iam.gserviceaccount.com"},
            ),
            step(MEMBER, "m", {"role": "roles/x", "member": "serviceAccount:new@acme.iam.gserviceaccount.com"}),
        ],
        [("low", "m", "")],
    ),
    (
        "access-widened",
        "a new key for callers of the account",
        [],
        [step(KEY, "k", {"policy": policy("kms:Decrypt", Principal="*", Condition=OWN_CALLERS)})],
        [("low", "k", "")],
    ),
    (
        "access-widened",
        "callers of the account may use a key that there is",
        [step(KEY, "k", {"policy": policy("kms:DescribeKey", Principal={"AWS": "arn:aws:iam::123456789012:root"})})],
        [step(KEY, "k", {"policy": policy("kms:Decrypt", Principal="*", Condition=OWN_CALLERS)})],
        [("medium", "k", "")],
    ),
    ("access-widened", "a bucket grants nothing", [], [step(BUCKET, "data")], []),
    (
        "network-opened",
        "the world",
        [],
        [step(INGRESS, "i", {"cidrIpv4": "0.0.0.0/0"})],
        [("critical", "i", "cidrIpv4")],
    ),
    (
        "network-opened",
        "the own network",
        [],
        [step(INGRESS, "i", {"cidrIpv4": "10.0.0.0/8"})],
        [("low", "i", "cidrIpv4")],
    ),
    (
        "network-opened",
        "one office more",
        [step("aws:eks/cluster:Cluster", "c", {"vpcConfig": {"publicAccessCidrs": ["198.51.100.0/28"]}})],
        [step("aws:eks/cluster:Cluster", "c", {"vpcConfig": {"publicAccessCidrs": ["198.51.100.0/28", "8.8.8.8/32"]}})],
        [("medium", "c", "vpcConfig.publicAccessCidrs")],
    ),
    (
        "network-opened",
        "going out",
        [],
        [step("gcp:compute/firewall:Firewall", "f", {"direction": "EGRESS", "sourceRanges": ["0.0.0.0/0"]})],
        [],
    ),
    (
        "made-public",
        "a registry",
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Disabled"})],
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Enabled"})],
        [("high", "r", "publicNetworkAccess")],
    ),
    (
        "made-public",
        "closed",
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Enabled"})],
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Disabled"})],
        [],
    ),
    (
        "encryption-weakened",
        "no own key",
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"kmsKeyId": "arn:k"})],
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {})],
        [("high", "g", "kmsKeyId")],
    ),
    (
        "encryption-weakened",
        "an older protocol",
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_2"})],
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_0"})],
        [("high", "s", "minimumTlsVersion")],
    ),
    (
        "encryption-weakened",
        "a newer protocol",
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_2"})],
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_3"})],
        [],
    ),
    (
        "renamed",
        "another logical name, the same bucket",
        [step(BUCKET, "data", {"bucket": "acme-data"})],
        [step(BUCKET, "store", {"bucket": "acme-data"})],
        [("critical", "store", "")],
    ),
    (
        "renamed",
        "another bucket",
        [step(BUCKET, "data", {"bucket": "acme-data"})],
        [step(BUCKET, "store", {"bucket": "acme-store"})],
        [],
    ),
    (
        "retention-shortened",
        "objects that were kept without an end are deleted",
        [step(GCP_BUCKET, "b", {"lifecycleRules": [OLD_VERSIONS]})],
        [step(GCP_BUCKET, "b", {"lifecycleRules": [AFTER_A_YEAR, OLD_VERSIONS]})],
        [("high", "b", "lifecycleRules[0].condition.age")],
    ),
    (
        "retention-shortened",
        "the same rules in another order",
        [step(GCP_BUCKET, "b", {"lifecycleRules": [OLD_VERSIONS, AFTER_A_YEAR]})],
        [step(GCP_BUCKET, "b", {"lifecycleRules": [AFTER_A_YEAR, OLD_VERSIONS]})],
        [],
    ),
    (
        "retention-shortened",
        "old versions end sooner on Azure",
        [step(POLICY, "m", {"policy": {"rules": [blobs(365)]}})],
        [step(POLICY, "m", {"policy": {"rules": [blobs(90)]}})],
        [("high", "m", "policy.rules[0].definition.actions.version.delete.daysAfterCreationGreaterThan")],
    ),
    *(
        case
        for token, path in (
            ("aws:eks/cluster:Cluster", "version"),
            ("gcp:container/cluster:Cluster", "minMasterVersion"),
            ("azure-native:containerservice:ManagedCluster", "kubernetesVersion"),
        )
        for case in (
            (
                "update-refused",
                f"a minor version skipped, {path}",
                [step(token, "c", {path: "1.33"})],
                [step(token, "c", {path: "1.35"})],
                [("high", "c", path)],
            ),
            (
                "update-refused",
                f"a version that goes back, {path}",
                [step(token, "c", {path: "1.35"})],
                [step(token, "c", {path: "1.34"})],
                [("high", "c", path)],
            ),
            (
                "update-refused",
                f"the next minor version, {path}",
                [step(token, "c", {path: "1.34.4"})],
                [step(token, "c", {path: "1.35"})],
                [],
            ),
        )
    ),
    (
        "retention-shortened",
        "rules for a bucket that had none",
        [step(BUCKET, "data")],
        [
            step(BUCKET, "data"),
            step(LIFECYCLE, "l", lifecycle(30), property_dependencies={"bucket": (step(BUCKET, "data").urn,)}),
        ],
        [("high", "l", "rules[0].expiration.days")],
    ),
    (
        "retention-shortened",
        "a new bucket with rules",
        [],
        [step(BUCKET, "data"), step(LIFECYCLE, "l", lifecycle(30))],
        [],
    ),
    (
        "retention-shortened",
        "versions are no longer kept",
        [step(VERSIONING, "v", {"versioningConfiguration": {"status": "Enabled"}})],
        [step(VERSIONING, "v", {"versioningConfiguration": {"status": "Suspended"}})],
        [("high", "v", "versioningConfiguration.status")],
    ),
    (
        "retention-shortened",
        "versions are kept from now on, for a time",
        [step(GCP_BUCKET, "b", {"versioning": {"enabled": False}})],
        [step(GCP_BUCKET, "b", {"versioning": {"enabled": True}, "lifecycleRules": [OLD_VERSIONS]})],
        [],
    ),
    (
        "update-refused",
        "another range for a subnet that something is in",
        [
            step(SUBNET, "nodes", {"addressPrefix": "10.0.0.0/20"}),
            step(
                "azure-native:containerservice:AgentPool",
                "pool",
                property_dependencies={"vnetSubnetID": (step(SUBNET, "nodes").urn,)},
            ),
        ],
        [
            step(SUBNET, "nodes", {"addressPrefix": "10.1.0.0/20"}),
            step(
                "azure-native:containerservice:AgentPool",
                "pool",
                property_dependencies={"vnetSubnetID": (step(SUBNET, "nodes").urn,)},
            ),
        ],
        [("high", "nodes", "addressPrefix")],
    ),
    (
        "update-refused",
        "another range for an empty subnet",
        [step(SUBNET, "nodes", {"addressPrefix": "10.0.0.0/20"})],
        [step(SUBNET, "nodes", {"addressPrefix": "10.1.0.0/20"})],
        [],
    ),
    (
        "service-deleted",
        "a pool, whatever of its own goes with it",
        [
            step("aws:cloudwatch/logGroup:LogGroup", "logs"),
            step(
                "aws:eks/nodeGroup:NodeGroup",
                "pool",
                dependencies=(step("aws:cloudwatch/logGroup:LogGroup", "logs").urn,),
            ),
        ],
        [],
        [("high", "pool", "")],
    ),
    (
        "service-deleted",
        "a subnet that only a pool used which goes too",
        [
            step("aws:ec2/subnet:Subnet", "pods"),
            step("aws:eks/nodeGroup:NodeGroup", "pool", dependencies=(step("aws:ec2/subnet:Subnet", "pods").urn,)),
        ],
        [],
        [("high", "pool", "")],
    ),
    (
        "service-deleted",
        "a model server whose front stays and answers with others",
        [
            step(SERVICE, "main"),
            step(SERVICE, "next"),
            step(SERVICE, "front", dependencies=(step(SERVICE, "main").urn, step(SERVICE, "next").urn)),
        ],
        [step(SERVICE, "next"), step(SERVICE, "front", dependencies=(step(SERVICE, "next").urn,))],
        [],
    ),
    (
        "service-deleted",
        "what goes with the store it belongs to",
        [step(BUCKET, "data"), step("aws:ec2/vpcEndpoint:VpcEndpoint", "e", dependencies=(step(BUCKET, "data").urn,))],
        [],
        [],
    ),
    (
        "access-widened",
        "a person whom only assignments name is nobody new",
        [],
        [
            step(
                ASSIGNMENT,
                "a",
                {"principalId": "p", "roleDefinitionId": f"/x/{PUSH}", "scope": "/s"},
                outputs={"principalId": "p"},
            )
        ],
        [("medium", "a", "")],
    ),
    (
        "network-opened",
        "the pods' own range",
        [],
        [step(INGRESS, "i", {"cidrIpv4": "100.64.0.0/16"})],
        [("low", "i", "cidrIpv4")],
    ),
    (
        "renamed",
        "a pool under another name",
        [step(POOL, "acme-pool-a-nodes", {"name": "a", "labels": {"pool": "a"}, "maxNodes": 4})],
        [step(POOL, "acme-pool-b-nodes", {"name": "b", "labels": {"pool": "b"}, "maxNodes": 4})],
        [("medium", "acme-pool-b-nodes", "")],
    ),
    (
        "renamed",
        "another pool",
        [step(POOL, "acme-pool-a-nodes", {"name": "a", "maxNodes": 4})],
        [step(POOL, "acme-pool-b-nodes", {"name": "b", "maxNodes": 8})],
        [],
    ),
    (
        "renamed",
        "a name that follows the content",
        [step(MODEL, "m", {"name": "acme-fraud-0a1b2c3d", "executionRoleArn": "r"})],
        [step(MODEL, "m", {"name": "acme-fraud-4e5f6a7b", "executionRoleArn": "r"})],
        [],
    ),
    (
        "renamed",
        "two subnets of one resource group",
        [step(SUBNET, "s-1", {"resourceGroupName": "g", "subnetName": "a"})],
        [step(SUBNET, "s", {"resourceGroupName": "g", "subnetName": "b"})],
        [],
    ),
]


@pytest.mark.parametrize(("rule", "before", "after", "expected"), [(c[0], c[2], c[3], c[4]) for c in CASES],
                         ids=[f"{c[0]}: {c[1]}" for c in CASES])  # fmt: skip
def test_a_rule(rule: str, before: list[Step], after: list[Step], expected: list[tuple[str, str, str]]) -> None:
    (wanted,) = (one for one in all_rules() if one.id == rule)
    assert found(before, after, wanted) == expected


def test_every_rule_has_cases() -> None:
    specs = {"features-changed", "gate-loosened", "monitor-loosened", "redaction-loosened", "trigger-loosened"}
    elsewhere = {"check-regressed", "cost-up", "quota-up", *specs, *(edit.rule for edit in EDITS if edit.rule)}
    assert {case[0] for case in CASES} | elsewhere == {rule.id for rule in all_rules()}


def test_what_a_check_says_too_is_said_once() -> None:
    bucket = {"bucket": "acme-data", "forceDestroy": False}
    (protection,) = (one for one in all_rules() if one.id == "protection-off")
    check = RiskRule("check-regressed", "checks", "", "", lambda _: [_check("high")])
    worse = RiskRule("check-regressed", "checks", "", "", lambda _: [_check("critical")])
    before, after = [step(BUCKET, "data", bucket)], [step(BUCKET, "data", {**bucket, "forceDestroy": True})]
    assert [one.rule for one in report(before, after, protection, check).findings] == ["protection-off"]
    assert [one.rule for one in report(before, after, protection, worse).findings] == [
        "bucket-force-destroy",
        "protection-off",
    ]
    (own,) = report(before, after, check).findings
    assert (own.rule, own.fix) == ("bucket-force-destroy", "Switch it off.")


def _check(level: Level) -> Hit:
    return Hit(level, step(BUCKET, "data").urn, "It may go.", check="bucket-force-destroy", fix="Switch it off.")


def test_rules_of_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = RiskRule("no-fridays", "downtime", "Nothing changes on Fridays", "Wait.", lambda _: ())
    known = all_rules()[0]
    offered: list[object] = [mine]

    class Point:
        name = "mine"

        def load(self) -> object:
            return offered[0]

    def _offered(group: str) -> list[Point]:
        return [Point()] if group == "mlplatform.risks" else []

    monkeypatch.setattr(catalogue, "entry_points", _offered)
    monkeypatch.setattr(catalogue, "all_rules", catalogue.all_rules.__wrapped__)
    assert mine in catalogue.all_rules()
    for bad, said in (("text", "names a str, expected a RiskRule"), (known, "exists already")):
        offered[0] = bad
        with pytest.raises(catalogue.BadRiskRule, match=said):
            catalogue.all_rules()


def test_the_documentation_lists_every_rule(root: Path) -> None:
    text = (root / "docs/review.md").read_text(encoding="utf-8")
    for rule in all_rules():
        assert f"| `{rule.id}` | {rule.topic} | {rule.title} |" in text
