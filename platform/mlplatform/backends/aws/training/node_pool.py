"""GPU pools as managed node groups that start from zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pulumi
from pulumi_aws import autoscaling, eks

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import NODE_GROUP
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.fabric import place_fast_network
from mlplatform.backends.aws.training.node_image import NodeImage, choose_node_image
from mlplatform.backends.aws.training.node_template import (
    NodeTemplatePlan,
    autoscaling_group,
    make_node_template,
    tag_new_nodes,
)
from mlplatform.backends.aws.training.parts import AwsAnyCluster, AwsNodePool
from mlplatform.catalog.catalog import Choice
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.names import hashed_name
from mlplatform.components.scope import Scope
from mlplatform.spec.target import ReservationBinding
from mlplatform.spec.training import CapacityBlock, GpuPoolSpec

_EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
_HINT = "k8s.io/cluster-autoscaler/node-template"
_START_AFTER = timedelta(minutes=5)
"""A block becomes active some minutes after its start."""
_DRAIN_BEFORE_END = timedelta(minutes=40)
"""AWS ends the instances of a block from 30 minutes before its end."""


def build(scope: Scope, spec: GpuPoolSpec, choice: Choice, cluster: Cluster) -> AwsNodePool:
    """Create the pool: a group per zone, which share the pool's bounds.

    Auto Scaling would rebalance one group over several zones, and end nodes in the middle of a training:
    https://github.com/aws/containers-roadmap/issues/1453
    """
    parts = native(cluster.parts, AwsAnyCluster)
    reservation = scope.reservation(spec)
    image = choose_node_image(spec, choice)
    network = place_fast_network(scope, spec, choice, parts, reserved=reservation is not None)
    block = spec.capacity if isinstance(spec.capacity, CapacityBlock) else None
    machine = choice.machine.machine_type
    template = make_node_template(
        scope,
        NodeTemplatePlan(
            role="template",
            pool=f"pool-{spec.name}",
            disk_gib=spec.disk_gib,
            fast_disk=spec.disk_type == "fast",
            two_disks=image.two_disks,
            user_data=image.user_data,
            security_groups=network.security_groups,
            interfaces=network.interfaces,
            placement=network.placement,
            reservation_id=reservation.id if reservation else None,
            block_type=machine if block else None,
        ),
        native(scope.context.keys.parts, AwsKeys).ids["volumes"],
    )
    groups: dict[str, eks.NodeGroup] = {}
    names: dict[str, pulumi.Output[str]] = {}
    hints: list[autoscaling.Tag] = []
    shares = _shares(scope, spec, _pool_zones(scope, spec, choice, parts, reservation))
    for zone, (least, most) in shares.items():
        capacity = "CAPACITY_BLOCK" if block else "SPOT" if spec.capacity == "spot" else "ON_DEMAND"
        groups[zone] = eks.NodeGroup(
            scope.child(f"nodes-{zone}"),
            cluster_name=parts.cluster_name,
            # the name holds everything that forces a replacement: the new group is ready before the old one drains
            node_group_name=hashed_name(
                scope.spec,
                f"{spec.name}-{zone.rpartition('-')[2]}",
                f"{machine} {image.ami_type} {capacity} {zone}",
                NODE_GROUP,
            ),
            node_role_arn=parts.node_role_arn,
            subnet_ids=[parts.subnet_by_zone[zone]],
            version=parts.version,
            ami_type=image.ami_type,
            capacity_type=capacity,
            instance_types=None if block else [machine],
            launch_template=eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            scaling_config=eks.NodeGroupScalingConfigArgs(min_size=least, max_size=most, desired_size=least),
            # a spare GPU machine is rare, and a full reservation has none: lose one node instead of adding one,
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html
            update_config=eks.NodeGroupUpdateConfigArgs(max_unavailable=1, update_strategy="MINIMAL"),
            node_repair_config=eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            labels=image.labels,
            taints=[
                eks.NodeGroupTaintArgs(key=key, value=value, effect=_EFFECTS[effect])
                for key, value, effect in image.taints
            ],
            tags=scope.tags,
            opts=scope.opts(
                depends_on=[*parts.nodes_after, *network.ready], ignore_changes=["scalingConfig.desiredSize"]
            ),
        )
        names[zone] = autoscaling_group(groups[zone])
        hints += _hints(scope, zone, image, names[zone])
        hints += tag_new_nodes(scope, f"tag-{zone}", names[zone])
        if block:
            _start(scope, block, names[zone], most)
            _drain(scope, block, names[zone])
    return AwsNodePool(
        pool_name=pulumi.Output.all(*(group.node_group_name for group in groups.values())).apply(", ".join),
        groups=groups,
        most_nodes={zone: most for zone, (_, most) in shares.items()},
        autoscaling_group_names=names,
        template=template,
        tags=tuple(hints),
    )


def _shares(scope: Scope, spec: GpuPoolSpec, zones: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Least and most nodes by zone, with the pool's as their sums; a zone without nodes has no group."""

    def share(total: int, position: int) -> int:
        each, rest = divmod(total, len(zones))
        return each + (position < rest)

    shares = {zone: (share(spec.min_nodes, at), share(spec.max_nodes, at)) for at, zone in enumerate(zones)}
    shares = {zone: bounds for zone, bounds in shares.items() if bounds[1]}
    if len(shares) > 1:
        split = ", ".join(f"{most} in {zone}" for zone, (_, most) in shares.items())
        scope.note(
            f"training.pools[{spec.name}].max_nodes",
            f"at most {split}; name one zone to keep the nodes together",
        )
    return shares


def _pool_zones(
    scope: Scope, spec: GpuPoolSpec, choice: Choice, parts: AwsAnyCluster, reservation: ReservationBinding | None
) -> tuple[str, ...]:
    if reservation:
        return (reservation.zone,)
    zones = tuple(parts.subnet_by_zone)
    chosen = tuple(zones[position - 1] for position in spec.zones) or zones
    zones_with_machine = choice.machine.offered.zones_in(scope.target(AwsTarget).region)
    offered = tuple(zone for zone in chosen if zone in zones_with_machine) or chosen
    if not spec.fabric:
        return offered
    if not spec.zones:
        scope.note(
            f"training.pools[{spec.name}].zones",
            f"fabric needs one zone, and {offered[0]} is used; name another if the capacity is there",
        )
    return offered[:1]


def _start(scope: Scope, block: CapacityBlock, group: pulumi.Output[str], nodes: int) -> None:
    """Start the pool's nodes with the block, which is paid whether they run or not.

    Without it, the autoscaler tries while the block has not begun, fails, and waits ever longer between its attempts.
    The minimum keeps it from ending idle nodes that are paid for. A yearly recurrence, which ends with the block,
    stands in for a start time, of which AWS refuses one that has passed. Inside the window, pods start the nodes.
    https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
    """
    starts = block.starts.astimezone(UTC) + _START_AFTER
    autoscaling.Schedule(
        scope.child("start"),
        scheduled_action_name="start-with-block",
        autoscaling_group_name=group,
        recurrence=f"{starts.minute} {starts.hour} {starts.day} {starts.month} *",
        time_zone="Etc/UTC",
        end_time=_utc(block.ends - _DRAIN_BEFORE_END),
        min_size=nodes,
        max_size=-1,
        desired_capacity=nodes,
        opts=scope.opts(delete_before_replace=True),
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _drain(scope: Scope, block: CapacityBlock, group: pulumi.Output[str]) -> None:
    """Drain the nodes before AWS ends them, so that pods end in order."""
    autoscaling.Schedule(
        scope.child("drain"),
        scheduled_action_name="drain-before-block-ends",
        autoscaling_group_name=group,
        start_time=_utc(block.ends - _DRAIN_BEFORE_END),
        min_size=0,
        max_size=-1,
        desired_capacity=0,
        opts=scope.opts(delete_before_replace=True),
    )


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
