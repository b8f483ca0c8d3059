"""The network of a pool's nodes: plain, or EFA in one placement group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2

from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.network.security_groups import make_fabric_group
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.catalog.catalog import Choice, GpuMachine
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.training import GpuPoolSpec

_PLAIN_FIRST_CARD = ("p6-b300.",)
"""Machines whose first network card carries no EFA,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html"""


@dataclass(frozen=True, slots=True)
class NodeNetwork:
    """The network settings of a launch template."""

    security_groups: Sequence[pulumi.Input[str]]
    """Security groups of every interface."""

    interfaces: Sequence[ec2.LaunchTemplateNetworkInterfaceArgs] = ()
    """EFA interfaces; empty for a plain pool."""

    placement: ec2.LaunchTemplatePlacementArgs | None = None
    """The placement group, if any."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Security group rules that must exist before nodes."""


def place_fast_network(
    scope: Scope, pool: GpuPoolSpec, choice: Choice, parts: AwsAnyCluster, *, reserved: bool
) -> NodeNetwork:
    """Connect the nodes by EFA if the pool asks for a fabric.

    A reservation fixes the placement of its machines; a new placement group would match none of them.
    """
    fabric = choice.machine.fabric
    if not pool.fabric or fabric is None:
        return NodeNetwork([parts.security_group_id])
    group_id, rules = make_fabric_group(scope, f"fabric-{pool.name}", parts.vpc_id())
    groups: list[pulumi.Input[str]] = [parts.security_group_id, group_id]
    placement = None
    if not reserved:
        group = ec2.PlacementGroup(
            scope.child("placement"),
            name=physical_name(scope.spec, f"pool-{pool.name}", LONG),
            strategy="cluster",
            tags=scope.tags,
            opts=scope.opts(delete_before_replace=True),
        )
        placement = ec2.LaunchTemplatePlacementArgs(group_name=group.name)
    plugin = "" if scope.spec.cluster else "run the EFA device plugin in the cluster; then "
    scope.note(
        f"training.pools[{pool.name}].fabric",
        f"{plugin}pods request vpc.amazonaws.com/efa ({fabric.interfaces} per node): without that they use TCP, at a "
        "hundredth of the speed and without an error",
    )
    return NodeNetwork(groups, _interfaces(choice.machine, fabric.interfaces, groups), placement, rules)


def _interfaces(
    machine: GpuMachine, count: int, groups: list[pulumi.Input[str]]
) -> list[ec2.LaunchTemplateNetworkInterfaceArgs]:
    """One interface per network card. The first carries IP; the others are EFA only and take no addresses."""
    plain_first = machine.machine_type.startswith(_PLAIN_FIRST_CARD)
    cards = count + 1 if plain_first else count
    return [
        ec2.LaunchTemplateNetworkInterfaceArgs(
            network_card_index=card,
            device_index=0 if card == 0 else 1,
            interface_type=("interface" if plain_first else "efa") if card == 0 else "efa-only",
            security_groups=groups,
            delete_on_termination="true",
            description=f"Card {card}",
        )
        for card in range(cards)
    ]
