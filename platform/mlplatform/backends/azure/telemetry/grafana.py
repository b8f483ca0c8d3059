"""Managed Grafana with the platform's metrics, and people's roles in it."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import dashboard

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.people import people_with_role
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.access import ROLES


@record(kw_only=True)
class GrafanaInstance:
    """Managed Grafana."""

    id: pulumi.Output[str]
    """Resource id."""

    name: str
    """Physical name."""

    url: pulumi.Output[str]
    """Address for people."""


def make_grafana(scope: Scope, metrics_id: pulumi.Output[str] | None) -> GrafanaInstance:
    """Make Grafana, with roles to read metrics and logs, and people's roles in it."""
    group = resource_group(scope)
    name = physical_name(scope.spec, "grafana", "grafana")
    grafana = dashboard.Grafana(
        scope.child("grafana"),
        workspace_name=name,
        resource_group_name=group.group_name,
        location=scope.target(AzureTarget).location,
        sku=dashboard.ResourceSkuArgs(name="Standard"),
        identity=dashboard.ManagedServiceIdentityArgs(type=dashboard.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
        properties=dashboard.ManagedGrafanaPropertiesArgs(
            api_key=dashboard.ApiKey.DISABLED,
            deterministic_outbound_ip=dashboard.DeterministicOutboundIP.DISABLED,
            # people on call must reach it from anywhere; Entra decides who gets in
            public_network_access=dashboard.PublicNetworkAccess.ENABLED,
            zone_redundancy=dashboard.ZoneRedundancy.DISABLED,
            grafana_integrations=dashboard.GrafanaIntegrationsArgs(
                azure_monitor_workspace_integrations=[
                    dashboard.AzureMonitorWorkspaceIntegrationArgs(azure_monitor_workspace_resource_id=metrics_id)
                ]
                if metrics_id
                else []
            ),
        ),
        tags=scope.tags,
        # people create dashboards in it
        opts=scope.opts(protect=scope.defaults.protected),
    )
    grafana_principal = AzurePrincipal(id=grafana.identity.apply(_principal), kind="ServicePrincipal", label="grafana")
    assign_role(scope, "read-monitoring", "monitoring-reader", on=group.group_id, to=grafana_principal)
    if metrics_id:
        assign_role(scope, "read-metrics", "metrics-reader", on=metrics_id, to=grafana_principal)
    _admit(scope, grafana.id)
    return GrafanaInstance(id=grafana.id, name=name, url=grafana.properties.endpoint)


def _principal(identity: dashboard.outputs.ManagedServiceIdentityResponse | None) -> str:
    return identity.principal_id if identity else ""


def _admit(scope: Scope, grafana_id: pulumi.Output[str]) -> None:
    if not scope.target(AzureTarget).people.get("operator"):
        scope.note(
            "targets[azure].people",
            "nobody may administer Grafana: name an Entra group as operator, or assign Grafana Admin yourself",
        )
    for role in ROLES:
        for principal in people_with_role(scope, role):
            right = "grafana-admin" if role == "operator" else "grafana-viewer"
            assign_role(scope, "grafana", right, on=grafana_id, to=principal)
