"""What Azure's rollouts know of an endpoint, and what a template says of endpoints and their deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from mlplatform.mock_cloud.rollouts.base import text
from mlplatform.mock_cloud.rollouts.template import NotKnown, evaluated
from mlplatform.providers.wire import as_list, as_object, bare, within

ENDPOINT_TYPE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENT_TYPE = f"{ENDPOINT_TYPE}/deployments"
_NESTED = "Microsoft.Resources/deployments"

Key = tuple[str, str]
Shares = dict[str, int]


@dataclass(slots=True)
class Served:
    """One endpoint as Azure knows it."""

    deployments: frozenset[str] = frozenset()
    """Names of its deployments."""

    traffic: Shares = field(default_factory=dict[str, int])
    """Per cent of live requests by deployment."""

    mirrored: Shares = field(default_factory=dict[str, int])
    """Per cent of copies by deployment."""

    moved: Shares | None = None
    """The traffic that a rollout left; None where none has run yet."""


def contents(
    properties: object, endpoints: Mapping[Key, Served], parameters: Mapping[str, object] | None = None
) -> Iterator[Mapping[str, object]]:
    """Endpoints and deployments in a template, in order, nested templates looked into."""

    def reference(identifier: str) -> Mapping[str, object]:
        served = endpoints.get(by_id(identifier))
        return {"traffic": dict(served.traffic), "mirrorTraffic": dict(served.mirrored)} if served else {}

    for item in as_list(within(properties, "template.resources")) or ():
        content = as_object(item) or {}
        kind = text(content.get("type"))
        try:
            if kind == _NESTED:
                given = as_object(within(content, "properties.parameters")) or {}
                inner = {
                    name: evaluated(within(value, "value"), parameters or {}, reference)
                    for name, value in given.items()
                }
                yield from contents(content.get("properties"), endpoints, inner)
            elif kind == DEPLOYMENT_TYPE:
                # nothing but its name counts, and that is none of the template's functions
                yield {"type": kind, "name": content.get("name")}
            elif kind == ENDPOINT_TYPE:
                shown = {name: content.get(name) for name in ("type", "name", "properties")}
                yield cast("dict[str, object]", evaluated(shown, parameters or {}, reference))
        except NotKnown:
            continue


def shares(value: object) -> Shares:
    """Shares that are not nothing, as whole numbers."""
    return {name: int(cast("int", share)) for name, share in (as_object(bare(value)) or {}).items() if share}


def by_id(identifier: str) -> Key:
    """The endpoint that a resource id names."""
    parts = identifier.split("/")
    return endpoint_key(parts[-3], parts[-1]) if len(parts) > 3 and parts[-2].lower() == "onlineendpoints" else ("", "")


def endpoint_key(workspace: str, endpoint: str) -> Key:
    """Azure's names know no case."""
    return workspace.lower(), endpoint.lower()
