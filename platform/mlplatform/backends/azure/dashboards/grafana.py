"""Azure Managed Grafana: Entra's own token, and the data sources that Azure brings."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.grafana import GrafanaServer
from mlplatform.components.live_traffic import Ask, NotAnswered, text_of
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.platform import PlatformSpec

_AUDIENCE = "https://dashboard.azure.com"
"""https://learn.microsoft.com/azure/managed-grafana/how-to-authenticate-data-plane-api (2026-11)"""

_API = "2025-08-01"
"""Version of Microsoft.Dashboard that azure-mgmt-dashboard 2.0.0 asks; `make prove ONE=grafana` compares."""


def build(spec: PlatformSpec, ask: Ask) -> GrafanaServer:
    """Find the instance and log in. Whoever runs it needs the role Grafana Editor or Grafana Admin.

    Raises:
        NotAnswered: there is no instance.
    """
    target = typed_target(spec.targets[0], AzureTarget)
    group, name = physical_name(spec, "resource-group", "rg"), physical_name(spec, "grafana", "grafana")
    resource = target.resource(group, "Microsoft.Dashboard/grafana", name)
    url = f"https://management.azure.com{resource}?api-version={_API}"
    found = ask(("az", "rest", "--method", "get", "--url", url, "--output", "json"))
    endpoint = text_of(found, "properties", "endpoint")
    if not endpoint:
        raise NotAnswered(f"{group} has no Grafana {name} with an address: run `up` with monitoring.grafana first")
    token = ask(
        (
            *("az", "account", "get-access-token", "--resource", _AUDIENCE),
            *("--subscription", target.subscription_id, "--output", "json"),
        )
    )
    return GrafanaServer(
        url=endpoint.rstrip("/"), token=text_of(token, "accessToken"), sources=(), close=_nothing_was_made
    )


def _nothing_was_made() -> None:
    """The token is the caller's own."""
