"""Where in a network a plan's resources run: worked out from what they refer to, by the nouns of their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.model import Plan, Step

Reach = Literal["private", "public", ""]
"""Kind of subnet: `public` has a route to an internet gateway; empty for the network itself, in no subnet."""

_NETWORKS = frozenset({"Vpc", "Network", "VirtualNetwork"})
_SUBNETS = frozenset({"Subnet", "Subnetwork"})
_DOORS = frozenset({"VpcEndpoint", "PrivateEndpoint"})
"""Lie in a subnet and stand for a service that does not."""
_PLUMBING = _NETWORKS | _SUBNETS | _DOORS | {"NatGateway", "Route", "RouteTable", "RouteTableAssociation", "FlowLog"}
_RIGHTS = frozenset({"RolePolicy", "Policy", "RoleAssignment"})
"""Name subnets without lying in them."""
_HOSTED = frozenset({"NodePool", "NodeGroup", "AgentPool", "ContainerApp"})
_HOSTS = frozenset({"Cluster", "ManagedCluster", "ManagedEnvironment"})
_FOR_OTHERS = frozenset({"ManagedEnvironment"})
"""Runs what other components bring."""


@dataclass(frozen=True, slots=True, order=True)
class NetworkPlace:
    """Somewhere in a network."""

    network: str
    """URN of the network; empty where the plan does not have it."""

    reach: Reach = ""
    """Kind of subnet."""


def find_places(plan: Plan) -> dict[str, NetworkPlace]:
    """Where each resource that lies in a network is, by URN; what runs outside of networks is left out."""
    steps = {step.urn: step for step in plan.steps}
    public = _public(plan, steps)
    subnets = {
        step.urn: NetworkPlace(_network_of(step, steps), "public" if step.urn in public else "private")
        for step in plan.resources()
        if type_noun(step) in _SUBNETS
    }
    found: dict[str, NetworkPlace] = {}
    for step in plan.resources():
        if place := _place(step, steps, subnets):
            found[step.urn] = place
    for step in plan.resources():
        # an own subnet may be a second network for traffic between machines; they are where their cluster is
        if type_noun(step) in _HOSTED:
            for urn in _referred(step):
                if urn in found and type_noun(steps[urn]) in _HOSTS:
                    found[step.urn] = found[urn]
    return found


def place_component(members: Iterable[Step], found: Mapping[str, NetworkPlace]) -> NetworkPlace | None:
    """Where a component's own part runs: most of what it runs decides, its pipes only where there is nothing else."""
    steps = list(members)
    running = Counter(found[s.urn] for s in steps if s.urn in found and type_noun(s) not in _PLUMBING | _FOR_OTHERS)
    if running and any(place.reach for place in running):
        return min((-count, place) for place, count in running.items() if place.reach)[1]
    networks = sorted(step.urn for step in steps if type_noun(step) in _NETWORKS)
    return NetworkPlace(networks[0]) if networks else None


def type_noun(step: Step) -> str:
    """Last part of a type token, for example `Bucket`."""
    return step.type.rpartition(":")[2]


def _place(step: Step, steps: Mapping[str, Step], subnets: Mapping[str, NetworkPlace]) -> NetworkPlace | None:
    kind = type_noun(step)
    if kind in _RIGHTS:
        return None
    if step.urn in subnets:
        return subnets[step.urn]
    if kind in _NETWORKS:
        return NetworkPlace(step.urn)
    inside = Counter(subnets[urn] for urn in _referred(step) if urn in subnets)
    if inside and kind != "FlowLog":
        return min((-count, place) for place, count in inside.items())[1]
    if network := _network_of(step, steps):
        return NetworkPlace(network)
    return None


def _network_of(step: Step, steps: Mapping[str, Step]) -> str:
    return min((urn for urn in _referred(step) if urn in steps and type_noun(steps[urn]) in _NETWORKS), default="")


def _referred(step: Step) -> Iterator[str]:
    for urns in step.property_dependencies.values():
        yield from urns


def _public(plan: Plan, steps: Mapping[str, Step]) -> set[str]:
    """Subnets whose route table has a route to an internet gateway."""
    tables: set[str] = set()
    for step in plan.resources():
        if type_noun(step) in ("Route", "RouteTable"):
            kinds = {urn: type_noun(steps[urn]) for urn in _referred(step) if urn in steps}
            if "InternetGateway" in kinds.values():
                tables |= {urn for urn, kind in kinds.items() if kind == "RouteTable"} or {step.urn}
    return {
        urn
        for step in plan.resources()
        if type_noun(step) == "RouteTableAssociation" and not tables.isdisjoint(_referred(step))
        for urn in _referred(step)
        if urn in steps and type_noun(steps[urn]) in _SUBNETS
    }
