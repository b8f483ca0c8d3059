"""Something that serves people or jobs is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.plan.model import Step
from mlplatform.plan.stateful import holds_data
from mlplatform.risk.consequence import STOPS, refusal_headline
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import ENDPOINT_USERS, NODE_USERS, affected_users

_PARTS = {
    "azure-native:machinelearningservices:OnlineDeployment": "azure-native:machinelearningservices:OnlineEndpoint",
}
"""Types that are a part of an endpoint, with the type of the endpoint."""
_CLUSTERS = frozenset({"Cluster", "ManagedCluster"})
_NETWORKS = frozenset({"Vpc", "Network", "VirtualNetwork"})
_SUBNETS = frozenset({"Subnet", "Subnetwork"})
_WAYS = frozenset({"VpcEndpoint", "PrivateEndpoint"})
"""Ways to one store, vault or registry."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    gone = {change.step.urn: change.step for change in evidence.of("delete")}
    readers = _readers(evidence)
    for step in gone.values():
        users = "" if _names_pods(step) else affected_users(step.type)
        if users and not holds_data(step) and not _is_covered(step, users, gone, readers):
            reason = (
                f"It would be deleted, which cuts off {users}. {STOPS}"
                if step.protect
                else f"It is deleted at once and for good, which cuts off {users}."
            )
            yield Hit("high", step.urn, reason, headline=refusal_headline(step, "deleted"))


def _names_pods(step: Step) -> bool:
    """Whether it only names the pods behind another service of a cluster, which goes too and is told, or which stays
    and answers with others."""
    spec = step.inputs.get("spec") if step.type == "kubernetes:core/v1:Service" else None
    return isinstance(spec, Mapping) and cast("Mapping[str, object]", spec).get("clusterIP") == "None"


def _is_covered(step: Step, users: str, gone: Mapping[str, Step], readers: Mapping[str, list[Step]]) -> bool:
    """Whether a finding about another deletion says that these users are cut off.

    An endpoint or a pool depends on much that goes with it, such as its logs and roles: that covers nothing.
    """
    owners = [gone[urn] for urn in step.dependencies if urn in gone]
    if users == ENDPOINT_USERS:
        # what stands before a model server: it goes too and is told, or it stays and answers with others
        fronts = [
            reader for reader in readers.get(step.urn, []) if (reader.type, reader.parent) == (step.type, step.parent)
        ]
        parts = any(owner.type == _PARTS.get(step.type) for owner in owners)
        return parts or bool(fronts)
    if users == NODE_USERS:
        return any(_noun(owner) in _CLUSTERS for owner in owners)
    inside = _NETWORKS if _noun(step) in _SUBNETS else _NETWORKS | _SUBNETS
    if any(_noun(owner) in inside for owner in owners):
        return True
    if _noun(step) in _WAYS and any(holds_data(owner) for owner in owners):
        return True
    # a way to or a place for workloads which go too, and nothing that stays takes it as an input
    takers = [reader for reader in readers.get(step.urn, []) if _takes(reader, step.urn)]
    return all(taker.urn in gone for taker in takers) and any(map(_is_workload, _reached(step, readers, gone)))


def _takes(reader: Step, urn: str) -> bool:
    return any(urn in urns for urns in reader.property_dependencies.values())


def _is_workload(step: Step) -> bool:
    return affected_users(step.type) in (ENDPOINT_USERS, NODE_USERS) or _noun(step) in _CLUSTERS


def _noun(step: Step) -> str:
    return step.type.rpartition(":")[2]


def _reached(step: Step, readers: Mapping[str, list[Step]], gone: Mapping[str, Step]) -> list[Step]:
    """What goes too and depends on a resource, also by way of others; up to the workloads."""
    reached: dict[str, Step] = {}
    todo = [step]
    while todo:
        for reader in readers.get(todo.pop().urn, []):
            if reader.urn in gone and reader.urn not in reached:
                reached[reader.urn] = reader
                if not _is_workload(reader):
                    todo.append(reader)
    return list(reached.values())


def _readers(evidence: Evidence) -> Mapping[str, list[Step]]:
    """What depends on a resource, by its URN, before the change."""
    readers: dict[str, list[Step]] = {}
    for step in evidence.before.values():
        for urn in step.dependencies if step.custom else ():
            readers.setdefault(urn, []).append(step)
    return readers


RULE = RiskRule(
    id="service-deleted",
    topic="downtime",
    title="Nothing that serves people or jobs is deleted",
    fix="Make sure that nothing uses it any more: check its metrics and logs of the last days.",
    examine=_examine,
    headline="{things} [goes|go] for good",
)
