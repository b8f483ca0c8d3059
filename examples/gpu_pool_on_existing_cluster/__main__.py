"""A GPU pool for another team's cluster. The cluster, its key and its subnets are used and not changed."""

import pulumi
from pulumi_aws import iam

from mlplatform import (
    AwsExistingCluster,
    AwsExistingKeys,
    AwsTarget,
    Context,
    Existing,
    GpuNodePool,
    GpuPoolSpec,
    PlatformSpec,
)

# outputs of a resource, of this program or of another stack, are passed on unchanged
nodes = iam.get_role_output(name="shared-cluster-nodes")

context = Context(
    PlatformSpec(
        name="vision",
        environment="dev",
        owner="vision-team",
        cost_center="4711",
        targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
    ),
    existing=Existing(
        cluster=AwsExistingCluster(
            cluster_name="shared",
            node_role_arn=nodes.arn,
            # version, security group and VPC are looked up
            subnets={"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"},
        ),
        keys=AwsExistingKeys(default="arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"),
    ),
)

pool = GpuNodePool(
    "vision-pool-l4",
    GpuPoolSpec(name="l4", accelerator="L4:1", max_nodes=4, capacity="spot"),
    context,
    cluster=context.cluster,
)

pulumi.export("pool", pool.pool_name)
pulumi.export("credentials", context.cluster.credentials_command)
