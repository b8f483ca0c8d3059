"""The CPU nodes for the cluster's own services."""

from __future__ import annotations

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.naming import NODE_GROUP
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.training.node_template import (
    NodeTemplatePlan,
    autoscaling_group,
    make_node_template,
    tag_new_nodes,
)
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.names import hashed_name
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_system_machine
from mlplatform.spec.training import TrainingSpec


def make_system_pool(
    scope: Scope, spec: TrainingSpec, parts: AwsCluster, vpc: AwsNetwork, volume_key_arn: pulumi.Output[str]
) -> eks.NodeGroup:
    """Create the pool, spread over all zones in use."""
    pool = spec.system_pool
    machine = choose_system_machine(scope.context.backend, scope.context.target, pool)
    least = min(scope.defaults.system_nodes, pool.max_nodes) if pool.min_nodes is None else pool.min_nodes
    image = "BOTTLEROCKET_ARM_64" if machine.arch == "arm64" else "BOTTLEROCKET_x86_64"
    template = make_node_template(
        scope,
        NodeTemplatePlan(
            role="system-template",
            pool="pool-system",
            disk_gib=pool.disk_gib,
            security_groups=[parts.security_group_id],
        ),
        volume_key_arn,
    )
    content = f"{machine.machine_type} {image} {' '.join(vpc.zones)}"
    group = eks.NodeGroup(
        scope.child("system"),
        cluster_name=parts.cluster.name,
        node_group_name=hashed_name(scope.spec, "system", content, NODE_GROUP),
        node_role_arn=parts.node_role_arn,
        subnet_ids=list(vpc.node_subnet_ids),
        version=spec.kubernetes_version,
        ami_type=image,
        capacity_type="ON_DEMAND",
        instance_types=[machine.machine_type],
        launch_template=eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
        scaling_config=eks.NodeGroupScalingConfigArgs(min_size=least, max_size=pool.max_nodes, desired_size=least),
        update_config=eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
        node_repair_config=eks.NodeGroupNodeRepairConfigArgs(enabled=True),
        labels={POOL_LABEL: "system"},
        tags=scope.tags,
        opts=scope.opts(depends_on=parts.nodes_after, ignore_changes=["scalingConfig.desiredSize"]),
    )
    tag_new_nodes(scope, "system-tag", autoscaling_group(group))
    return group
