"""GPU pools as managed node groups that start from zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pulumi
from pulumi_aws import autoscaling

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.fabric import place_fast_network
from mlplatform.backends.aws.training.node_groups import NodeGroupPlan, make_node_groups
from mlplatform.backends.aws.training.node_image import choose_node_image
from mlplatform.backends.aws.training.node_template import NodeTemplatePlan, make_node_template
from mlplatform.backends.aws.training.parts import AwsAnyCluster, AwsNodePool
from mlplatform.catalog.catalog import Choice
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.capacity import CapacityBlock
from mlplatform.spec.target import ReservationBinding
from mlplatform.spec.training import GpuPoolSpec

_START_AFTER = timedelta(minutes=5)
"""A block becomes active some minutes after its start."""
_DRAIN_BEFORE_END = timedelta(minutes=40)
"""AWS ends the instances of a block from 30 minutes before its end."""


def build(scope: Scope, spec: GpuPoolSpec, choice: Choice, cluster: Cluster) -> AwsNodePool:
    """Create the pool: a group per zone, which share the pool's bounds."""
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
    groups = make_node_groups(
        scope,
        parts,
        NodeGroupPlan(
            pool=spec.name,
            path=f"training.pools[{spec.name}]",
            machine=machine,
            image=image,
            capacity="CAPACITY_BLOCK" if block else "SPOT" if spec.capacity == "spot" else "ON_DEMAND",
            least=spec.min_nodes,
            most=spec.max_nodes,
            zones=_pool_zones(scope, spec, choice, parts, reservation),
            ready=network.ready,
            # a spare GPU machine is rare, and a full reservation has none: lose one node instead of adding one,
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html
            update_strategy="MINIMAL",
        ),
        template,
    )
    if block:
        for zone, name in groups.autoscaling_group_names.items():
            _start(scope, block, name, groups.most_nodes[zone])
            _drain(scope, block, name)
    return groups


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
