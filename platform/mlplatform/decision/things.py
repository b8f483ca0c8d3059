"""What findings are about, in the words of a reviewer: `production endpoint fraud-scorer`, `25 data stores`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.decision.causes import PlacedFinding
from mlplatform.plan.capability import component_of
from mlplatform.plan.change import ResourceChange
from mlplatform.plan.model import STACK_TYPE, Step
from mlplatform.plan.stateful import holds_data
from mlplatform.review import Review
from mlplatform.risk.serving import ENDPOINT_USERS, affected_users

_NOUNS = {
    "Bucket": "data store",
    "BucketV2": "data store",
    "BlobContainer": "data store",
    "StorageAccount": "data store",
    "FileShare": "data store",
    "FileSystem": "data store",
    "Table": "data store",
    "Database": "data store",
    "Key": "encryption key",
    "CryptoKey": "encryption key",
    "KeyRing": "encryption key",
    "Vault": "key vault",
    "Secret": "secret",
    "SecretVersion": "secret",
    "Repository": "image repository",
    "Registry": "image registry",
    "Cluster": "cluster",
    "ManagedCluster": "cluster",
    "NodeGroup": "node pool",
    "NodePool": "node pool",
    "AgentPool": "node pool",
    "LogGroup": "log store",
    "ProjectBucketConfig": "log store",
    "Workspace": "workspace",
    "ModelPackageGroup": "model group",
    "Vpc": "network",
    "Network": "network",
    "VirtualNetwork": "network",
    "Subnet": "subnet",
    "Subnetwork": "subnet",
    "NatGateway": "way to the internet",
    "RouterNat": "way to the internet",
    "Policy": "policy",
    "Role": "role",
}
"""Nouns by the kind of a type token."""
_BY_COMPONENT = frozenset({"endpoint", "node pool"})
"""Things that consist of several resources: they are counted by component."""
_PARTS_OF_ENDPOINTS = frozenset({"EndpointConfiguration", "Deployment", "App"})
"""Kinds that are an endpoint to a reader where its component holds them; elsewhere they are something else."""
_HOLDS_DATA = "resource with data"
_ANY = "resource"
_PLURALS = {
    "encryption key": "encryption keys",
    "image repository": "image repositories",
    "image registry": "image registries",
    "policy": "policies",
    "way to the internet": "ways to the internet",
    _HOLDS_DATA: "resources with data",
}


@dataclass(frozen=True, slots=True)
class Things:
    """What a sentence is about."""

    text: str
    """For people; untrusted names are in single quotes."""

    count: int
    """Number of them."""


def name_things(placed: Sequence[PlacedFinding]) -> Things:
    """What findings are about: the name of a single one, else their number and what they have in common."""
    named: dict[tuple[str, str], tuple[str, str, str]] = {}
    for one in placed:
        noun, identity, name = _thing(one.review, one.finding.urn)
        named.setdefault((one.review.stack, identity), (noun, name, _environment(one.review, noun)))
    nouns = {noun for noun, _, _ in named.values()}
    environments = {environment for _, _, environment in named.values()}
    names = {name for _, name, _ in named.values()}
    holding = _with_data(placed)
    noun = nouns.pop() if len(nouns) == 1 else _HOLDS_DATA if holding == len(named) else _ANY
    environment = environments.pop() if len(environments) == 1 and noun != _ANY else ""
    if len(names) == 1:
        # the same in several stacks is one thing for a reader
        where = f" in {len(named)} stacks" if len(named) > 1 else ""
        name = names.pop()
        return Things(f"{environment}{noun}{f' {chr(39)}{_plain(name)}{chr(39)}' if name else ''}{where}", 1)
    some = f" ({holding} with data)" if noun == _ANY and holding else ""
    return Things(f"{len(named)} {environment}{_PLURALS.get(noun, f'{noun}s')}{some}", len(named))


def _plain(name: str) -> str:
    # a quote would end the quoted name
    return name.replace("'", "\u2019")


def _with_data(placed: Sequence[PlacedFinding]) -> int:
    """How many different resources hold data."""
    steps = {(one.review.stack, one.finding.urn): _step(one.review, one.finding.urn) for one in placed}
    return sum(step is not None and holds_data(step) for step in steps.values())


def _thing(review: Review, urn: str) -> tuple[str, str, str]:
    """A noun, what tells it from others, and its name."""
    step = _step(review, urn)
    if step is None or step.type == STACK_TYPE:
        return "stack", urn, review.stack
    change = _change(review, urn)
    kind = step.type.rpartition(":")[2]
    users = affected_users(step.type)
    noun = "endpoint" if users == ENDPOINT_USERS else _NOUNS.get(kind, _HOLDS_DATA if holds_data(step) else _ANY)
    component = change.component if change else _component(review, step)
    if component and kind in _PARTS_OF_ENDPOINTS and _is_endpoint(review, step):
        noun = "endpoint"
    if noun in _BY_COMPONENT and component:
        return noun, component, _name_in_spec(review, component, noun)
    return noun, urn, step.name


def _name_in_spec(review: Review, component: str, noun: str) -> str:
    """`fraud-scorer` for `acme-ml-endpoint-fraud-scorer`."""
    prefix = {"endpoint": "endpoint", "node pool": "pool"}[noun]
    _, found, name = component.removeprefix(f"{review.platform}-").partition(f"{prefix}-")
    return name if found and name else component


def _component(review: Review, step: Step) -> str:
    component = _component_step(review, step)
    return component.name if component else ""


def _is_endpoint(review: Review, step: Step) -> bool:
    component = _component_step(review, step)
    return component is not None and component.type.endswith(":Endpoint")


def _component_step(review: Review, step: Step) -> Step | None:
    plans = (review.diff.after, review.diff.before)
    return next((found for plan in plans if (found := component_of(step, {s.urn: s for s in plan.steps}))), None)


def _environment(review: Review, noun: str) -> str:
    """`production ` before what people and jobs use; empty where the environment is not known."""
    before, after = review.specs
    spec = before or after
    if spec is None or noun not in ("endpoint", "cluster", "node pool", "network"):
        return ""
    return "production " if spec.environment in ("prod", "production") else f"{spec.environment} "


def _change(review: Review, urn: str) -> ResourceChange | None:
    return next((change for change in review.diff.changes if change.step.urn == urn), None)


def _step(review: Review, urn: str) -> Step | None:
    change = _change(review, urn)
    if change:
        return change.step
    return next(
        (step for plan in (review.diff.after, review.diff.before) for step in plan.steps if step.urn == urn), None
    )
