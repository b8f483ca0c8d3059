"""The state of an online endpoint, and the endpoints and deployments in a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from mlplatform.mock_cloud.rollouts.azure_template import UnsupportedExpression, evaluate_template
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

ENDPOINT_TYPE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENT_TYPE = f"{ENDPOINT_TYPE}/deployments"
_NESTED = "Microsoft.Resources/deployments"

EndpointKey = tuple[str, str]
Shares = dict[str, int]


@dataclass(slots=True)
class ServedEndpoint:
    """The state of one endpoint."""

    deployments: frozenset[str] = frozenset()
    """Names of its deployments."""

    traffic: Shares = field(default_factory=dict[str, int])
    """Percentage of live requests by deployment."""

    mirrored: Shares = field(default_factory=dict[str, int])
    """Percentage of copied requests by deployment."""

    moved: Shares | None = None
    """The traffic that a rollout set; None if none has run yet."""


def template_contents(
    properties: object, endpoints: Mapping[EndpointKey, ServedEndpoint], parameters: Mapping[str, object] | None = None
) -> Iterator[Mapping[str, object]]:
    """Endpoints and deployments in a template and its nested templates, in order."""

    def reference(identifier: str) -> Mapping[str, object]:
        served = endpoints.get(endpoint_key_of_id(identifier))
        return {"traffic": dict(served.traffic), "mirrorTraffic": dict(served.mirrored)} if served else {}

    for item in as_list(value_at_path(properties, "template.resources")) or ():
        content = as_object(item) or {}
        kind = as_text(content.get("type"))
        try:
            if kind == _NESTED:
                given = as_object(value_at_path(content, "properties.parameters")) or {}
                inner = {
                    name: evaluate_template(value_at_path(value, "value"), parameters or {}, reference)
                    for name, value in given.items()
                }
                yield from template_contents(content.get("properties"), endpoints, inner)
            elif kind == DEPLOYMENT_TYPE:
                # only its name counts, and that is no expression
                yield {"type": kind, "name": content.get("name")}
            elif kind == ENDPOINT_TYPE:
                shown = {name: content.get(name) for name in ("type", "name", "properties")}
                yield cast("dict[str, object]", evaluate_template(shown, parameters or {}, reference))
        except UnsupportedExpression:
            continue


def traffic_shares(value: object) -> Shares:
    """Shares above 0, as whole numbers."""
    return {name: int(cast("int", share)) for name, share in (as_object(plain_value(value)) or {}).items() if share}


def endpoint_key_of_id(identifier: str) -> EndpointKey:
    """The endpoint of a resource id."""
    parts = identifier.split("/")
    return endpoint_key(parts[-3], parts[-1]) if len(parts) > 3 and parts[-2].lower() == "onlineendpoints" else ("", "")


def endpoint_key(workspace: str, endpoint: str) -> EndpointKey:
    """Workspace and endpoint in lower case: Azure ignores case."""
    return workspace.lower(), endpoint.lower()
