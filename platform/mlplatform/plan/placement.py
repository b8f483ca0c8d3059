"""Finds where in a network a plan's resources run, from their references and the nouns of their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.model import Plan, Step

Reach = Literal["private", "public", ""]
"""Kind of subnet: `public` has a route to an internet gateway; empty for the network without a subnet."""

_NETWORKS = frozenset({"Vpc", "Network", "VirtualNetwork"})
_SUBNETS = frozenset({"Subnet", "Subnetwork"})
_DOORS = frozenset({"VpcEndpoint", "PrivateEndpoint"})
"""In a subnet, but for a service outside of it."""
_PLUMBING = _NETWORKS | _SUBNETS | _DOORS | {"NatGateway", "Route", "RouteTable", "RouteTableAssociation", "FlowLog"}
_RIGHTS = frozenset({"RolePolicy", "Policy", "RoleAssignment"})
"""Refer to subnets without being in them."""
_HOSTED = frozenset({"NodePool", "NodeGroup", "AgentPool", "ContainerApp"})
_HOSTS = frozenset({"Cluster", "ManagedCluster", "ManagedEnvironment"})
_FOR_OTHERS = frozenset({"ManagedEnvironment"})
"""Runs the workloads of other components."""


@dataclass(frozen=True, slots=True, order=True)
class NetworkPlace:
    """A place in a network."""

    network: str
    """URN of the network; empty where the plan does not contain it."""

    reach: Reach = ""
    """Kind of subnet."""


def find_places(plan: Plan) -> dict[str, NetworkPlace]:
    """Places by URN of the resource; resources outside of networks are left out."""
    steps = {step.urn: step for step in plan.steps}
    public = _public(plan, steps)
    subnets = {
        step.urn: NetworkPlace(_network_of(step, steps), "public" if step.urn in public else "private")
        for step in plan.resources()
        if type_noun(step) in _SUBNETS
    }
    places: dict[str, NetworkPlace] = {}
    for step in plan.resources():
        if place := _place(step, steps, subnets):
            places[step.urn] = place
    for step in plan.resources():
        # a separate subnet may be a second network between machines; the machines are where their cluster is
        if type_noun(step) in _HOSTED:
            for urn in _referred(step):
                if urn in places and type_noun(steps[urn]) in _HOSTS:
                    places[step.urn] = places[urn]
    return places


def place_component(members: Iterable[Step], places: Mapping[str, NetworkPlace]) -> NetworkPlace | None:
    """The place of a component: that of most of its workloads; without workloads, its network."""
    steps = list(members)
    running = Counter(places[s.urn] for s in steps if s.urn in places and type_noun(s) not in _PLUMBING | _FOR_OTHERS)
    if running and any(candidate.reach for candidate in running):
        return min((-count, candidate) for candidate, count in running.items() if candidate.reach)[1]
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
    """URNs of subnets whose route table has a route to an internet gateway."""
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
