"""How a pool's nodes are joined: plain, or by EFA in one placement group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2

from mlplatform.backends.aws.naming import LONG, physical
from mlplatform.backends.aws.network.security_groups import fabric_group
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.catalog.catalog import Choice, GpuMachine
from mlplatform.components.context import Scope
from mlplatform.spec.training import GpuPoolSpec

_PLAIN_FIRST_CARD = ("p6-b300.",)
"""Machines whose first network card carries no EFA,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html"""


@dataclass(frozen=True, slots=True)
class Joined:
    """What a launch template says of the network."""

    security_groups: Sequence[pulumi.Input[str]]
    """Groups of every interface."""

    interfaces: Sequence[ec2.LaunchTemplateNetworkInterfaceArgs] = ()
    """EFA interfaces; empty for a plain pool."""

    placement: ec2.LaunchTemplatePlacementArgs | None = None
    """Placement group."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Rules that nodes come after."""


def join(scope: Scope, pool: GpuPoolSpec, choice: Choice, parts: AwsAnyCluster, *, reserved: bool) -> Joined:
    """Join the nodes as the pool asks.

    A reservation decides where its machines stand; a placement group of ours would match none of them.
    """
    fabric = choice.machine.fabric
    if not pool.fabric or fabric is None:
        return Joined([parts.security_group_id])
    group_id, rules = fabric_group(scope, f"fabric-{pool.name}", parts.vpc_id())
    groups: list[pulumi.Input[str]] = [parts.security_group_id, group_id]
    placement = None
    if not reserved:
        near = ec2.PlacementGroup(
            scope.child("placement"),
            name=physical(scope.spec, f"pool-{pool.name}", LONG),
            strategy="cluster",
            tags=scope.tags,
            opts=scope.opts(delete_before_replace=True),
        )
        placement = ec2.LaunchTemplatePlacementArgs(group_name=near.name)
    scope.note(
        f"training.pools[{pool.name}].fabric",
        f"pods ask for vpc.amazonaws.com/efa ({fabric.interfaces} a node) once the cluster runs the EFA device plugin",
    )
    return Joined(groups, _interfaces(choice.machine, fabric.interfaces, groups), placement, rules)


def _interfaces(
    machine: GpuMachine, count: int, groups: list[pulumi.Input[str]]
) -> list[ec2.LaunchTemplateNetworkInterfaceArgs]:
    """One interface per network card. The first carries IP; the others are EFA alone and take no addresses."""
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
