"""An existing EKS cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.existing import AwsExistingCluster
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingCluster
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingCluster) -> AwsAnyCluster:
    """Use the cluster as it is; omitted values are looked up once."""
    cluster = native(existing, AwsExistingCluster)
    results: list[pulumi.Output[eks.GetClusterResult]] = []

    def look_up() -> pulumi.Output[eks.GetClusterResult]:
        if not results:
            results.append(
                eks.get_cluster_output(
                    name=cluster.cluster_name, opts=pulumi.InvokeOutputOptions(parent=scope.component)
                )
            )
        return results[0]

    name = pulumi.Output.from_input(cluster.cluster_name)
    region = scope.target(AwsTarget).region
    return AwsAnyCluster(
        cluster_name=name,
        credentials_command=pulumi.Output.concat("aws eks update-kubeconfig --region ", region, " --name ", name),
        scope=scope,
        version=_output(cluster.version) or look_up().apply(lambda result: result.version),
        security_group_id=_output(cluster.security_group_id)
        or look_up().apply(lambda result: result.vpc_config.cluster_security_group_id),
        vpc_id=lambda: _output(cluster.vpc_id) or look_up().apply(lambda result: result.vpc_config.vpc_id),
        node_role_arn=pulumi.Output.from_input(cluster.node_role_arn),
        nodes_after=(),
        pods_after=(),
        subnet_by_zone={zone: pulumi.Output.from_input(subnet) for zone, subnet in cluster.subnets.items()},
    )


def _output(value: pulumi.Input[str] | None) -> pulumi.Output[str] | None:
    return None if value is None else pulumi.Output.from_input(value)
