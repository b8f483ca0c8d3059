"""Managed node groups of a pool, one per zone, with what the autoscaler must know of a group without nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws import autoscaling, ec2, eks

from mlplatform.backends.aws.naming import NODE_GROUP
from mlplatform.backends.aws.training.node_image import NodeImage
from mlplatform.backends.aws.training.node_template import autoscaling_group, tag_new_nodes
from mlplatform.backends.aws.training.parts import AwsAnyCluster, AwsNodePool
from mlplatform.components.names import hashed_name
from mlplatform.components.scope import Scope

_EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
_HINT = "k8s.io/cluster-autoscaler/node-template"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroupPlan:
    """What the groups of a pool have in common."""

    pool: str
    """Name of the pool."""

    path: str
    """Its path in the spec, for notes."""

    machine: str
    """Machine type."""

    image: NodeImage
    """Image, labels, taints."""

    capacity: Literal["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]
    """EKS's kind of capacity; of a block, the launch template names the machine."""

    least: int
    """Nodes that always run, over all zones."""

    most: int
    """Most nodes, over all zones."""

    zones: tuple[str, ...]
    """Zones of the pool."""

    ready: Sequence[pulumi.Resource] = ()
    """What must exist before a node can start, besides what every node needs."""

    update_strategy: Literal["DEFAULT", "MINIMAL"]
    """Whether an update first adds a node, or first takes one away,
    https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html"""


def make_node_groups(
    scope: Scope, parts: AwsAnyCluster, plan: NodeGroupPlan, template: ec2.LaunchTemplate
) -> AwsNodePool:
    """Create a group per zone, which share the pool's bounds.

    Auto Scaling would rebalance one group over several zones, and end nodes in the middle of a training:
    https://github.com/aws/containers-roadmap/issues/1453
    """
    groups: dict[str, eks.NodeGroup] = {}
    names: dict[str, pulumi.Output[str]] = {}
    hints: list[autoscaling.Tag] = []
    image, shares = plan.image, _shares(scope, plan)
    for zone, (least, most) in shares.items():
        groups[zone] = eks.NodeGroup(
            scope.child(f"nodes-{zone}"),
            cluster_name=parts.cluster_name,
            # the name holds everything that forces a replacement: the new group is ready before the old one drains
            node_group_name=hashed_name(
                scope.spec,
                f"{plan.pool}-{zone.rpartition('-')[2]}",
                f"{plan.machine} {image.ami_type} {plan.capacity} {zone}",
                NODE_GROUP,
            ),
            node_role_arn=parts.node_role_arn,
            subnet_ids=[parts.subnet_by_zone[zone]],
            version=parts.version,
            ami_type=image.ami_type,
            capacity_type=plan.capacity,
            instance_types=None if plan.capacity == "CAPACITY_BLOCK" else [plan.machine],
            launch_template=eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            scaling_config=eks.NodeGroupScalingConfigArgs(min_size=least, max_size=most, desired_size=least),
            update_config=eks.NodeGroupUpdateConfigArgs(max_unavailable=1, update_strategy=plan.update_strategy),
            node_repair_config=eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            labels=image.labels,
            taints=[
                eks.NodeGroupTaintArgs(key=key, value=value, effect=_EFFECTS[effect])
                for key, value, effect in image.taints
            ],
            tags=scope.tags,
            opts=scope.opts(depends_on=[*parts.nodes_after, *plan.ready], ignore_changes=["scalingConfig.desiredSize"]),
        )
        names[zone] = autoscaling_group(groups[zone])
        hints += _hints(scope, zone, image, names[zone])
        hints += tag_new_nodes(scope, f"tag-{zone}", names[zone])
    return AwsNodePool(
        pool_name=pulumi.Output.all(*(group.node_group_name for group in groups.values())).apply(", ".join),
        groups=groups,
        most_nodes={zone: most for zone, (_, most) in shares.items()},
        autoscaling_group_names=names,
        template=template,
        tags=tuple(hints),
    )


def _shares(scope: Scope, plan: NodeGroupPlan) -> dict[str, tuple[int, int]]:
    """Least and most nodes by zone, with the pool's as their sums; a zone without nodes has no group."""

    def share(total: int, position: int) -> int:
        each, rest = divmod(total, len(plan.zones))
        return each + (position < rest)

    shares = {zone: (share(plan.least, at), share(plan.most, at)) for at, zone in enumerate(plan.zones)}
    shares = {zone: bounds for zone, bounds in shares.items() if bounds[1]}
    if len(shares) > 1:
        split = ", ".join(f"{most} in {zone}" for zone, (_, most) in shares.items())
        scope.note(f"{plan.path}.max_nodes", f"at most {split}; name one zone to keep the nodes together")
    return shares


def _hints(scope: Scope, zone: str, image: NodeImage, group: pulumi.Output[str]) -> tuple[autoscaling.Tag, ...]:
    """Properties of future nodes, as tags that the cluster autoscaler reads while the group is empty."""
    hints = {f"label/{key}": value for key, value in image.labels.items()}
    hints |= {f"taint/{key}": f"{value}:{effect}" for key, value, effect in image.taints}
    hints |= {f"resources/{key}": value for key, value in image.resources.items()}
    return tuple(
        autoscaling.Tag(
            scope.child(f"hint-{zone}-{hint.replace('/', '-')}"),
            autoscaling_group_name=group,
            tag=autoscaling.TagTagArgs(key=f"{_HINT}/{hint}", value=value, propagate_at_launch=False),
            opts=scope.opts(delete_before_replace=True),
        )
        for hint, value in hints.items()
    )
