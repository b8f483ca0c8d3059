"""Online endpoints: managed by Azure Machine Learning, or Container Apps where they may sleep."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.foundation import group
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.monitoring import dashboards
from mlplatform.backends.azure.naming import guid, physical
from mlplatform.backends.azure.references import of
from mlplatform.backends.azure.registry.model_registry import AzureModels
from mlplatform.backends.azure.roles import assign
from mlplatform.backends.azure.serving import alarms as alerts
from mlplatform.backends.azure.serving import autoscaling, capture, rollout, servers, slo, traffic, variants
from mlplatform.backends.azure.serving import secrets as endpoint_secrets
from mlplatform.backends.azure.serving.sleeping import endpoint as sleeping
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds, EndpointParts
from mlplatform.components.identity import Identity
from mlplatform.spec.endpoints import EndpointSpec

_LOGS = ("AmlOnlineEndpointTrafficLog", "AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog")
_LATENCIES = ("RequestLatency_P50", "RequestLatency_P95", "RequestLatency_P99")


@dataclass(frozen=True, kw_only=True)
class AzureEndpoint(EndpointParts):
    """A managed online endpoint."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    endpoint_id: pulumi.Output[str]
    """Resource id."""

    caller_role_id: pulumi.Output[str]
    """Role definition of those who send requests."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests, with an Entra token for `https://ml.azure.com`."""
        parts = native(identity.parts, AzureIdentity)
        for principal in parts.principals:
            name = self.scope.child(f"invoke-{principal.label}")
            parts.grants.append(
                authorization.RoleAssignment(
                    name,
                    role_assignment_name=guid(self.scope.spec, name, "caller"),
                    role_definition_id=self.caller_role_id,
                    principal_id=principal.id,
                    principal_type=principal.kind,
                    scope=self.endpoint_id,
                    opts=self.scope.opts(delete_before_replace=True),
                )
            )


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> EndpointParts:
    """Make one endpoint."""
    endpoint_secrets.allow(scope, spec, needs.identity)
    if spec.replicas[0] == 0:
        return sleeping.build(scope, spec, needs)
    target, models = scope.target(AzureTarget), native(needs.models.parts, AzureModels)
    identity = native(needs.identity.parts, AzureIdentity)
    name = physical(scope.spec, "ml-endpoint", spec.name)
    own = physical(scope.spec, "identity", identity.principals[0].label)
    identity_id = target.resource(models.group_name, "Microsoft.ManagedIdentity/userAssignedIdentities", own)
    # Azure lets its own identities report a deployment's use of CPU, memory and GPU, but not one that is given
    reports = [
        assign(scope, "metrics", "ml-metrics-writer", on=models.workspace_id, to=principal)
        for principal in identity.principals
    ]
    endpoint = ml.OnlineEndpoint(
        scope.child("endpoint"),
        endpoint_name=name,
        workspace_name=models.workspace_name,
        resource_group_name=group(scope).group_name,
        location=target.location,
        kind="Managed",
        identity=ml.ManagedServiceIdentityArgs(
            type=ml.ManagedServiceIdentityType.USER_ASSIGNED,
            user_assigned_identities=[identity.identity_id or identity_id],
        ),
        properties=ml.OnlineEndpointPropertiesArgs(
            auth_mode=ml.EndpointAuthMode.AAD_TOKEN,
            public_network_access=ml.PublicNetworkAccessType.ENABLED
            if spec.exposure == "public"
            else ml.PublicNetworkAccessType.DISABLED,
        ),
        tags=scope.tags,
        # a later update from here would drop the traffic: `traffic.settle` puts every change together with it
        opts=scope.opts(
            depends_on=[*models.ready, *identity.grants, *reports],
            ignore_changes=["tags", "identity", "properties"],
            delete_before_replace=True,
        ),
    )
    workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
    logged = diagnostics.send(scope, "endpoint", of=endpoint.id, to=workspace, logs=_LOGS)
    guards = alerts.guards(scope, spec, name, endpoint.id, [logged])
    collector = capture.collector(scope, spec, needs, name)
    releases = [
        variants.release(
            scope,
            spec,
            needs,
            one,
            endpoint=name,
            collector=collector,
            depends_on=[endpoint, *identity.grants, *models.ready, *guards.rules],
        )
        for one in variants.wanted(spec)
    ]
    contents = traffic.body(scope, spec, identity_id, releases)
    live = traffic.live_ones(releases, spec)
    settled = traffic.settle(
        scope, name, models, contents, traffic.shares(live), [endpoint, *(release.made for release in releases)]
    )
    if releases:
        rollout.roll_out(
            scope,
            spec,
            needs,
            endpoint=name,
            endpoint_id=endpoint.id,
            contents=contents,
            releases=releases,
            guards=guards,
            after=settled,
        )
    for release in releases:
        autoscaling.follow(scope, spec, release, endpoint.id)
        alerts.saturation(scope, spec, release)
    if spec.slo:
        slo.objectives(scope, spec, spec.slo, name)
    path = "/score" if servers.NO_CODE.get(spec.server) == "mlflow_model" or spec.server == "tensorflow" else ""
    return AzureEndpoint(
        endpoint_name=of(endpoint, name),
        url=of(endpoint, f"https://{name}.{target.location}.inference.ml.azure.com{path}"),
        dashboard_url=_dashboard(scope, spec, name, endpoint.id) if scope.spec.monitoring.dashboards else None,
        scope=scope,
        endpoint_id=endpoint.id,
        caller_role_id=models.caller_role_id,
    )


def _dashboard(scope: Scope, spec: EndpointSpec, name: str, endpoint_id: pulumi.Output[str]) -> pulumi.Output[str]:
    workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
    bins = "by bin(TimeGenerated, 5m), DeploymentName"
    return dashboards.workbook(
        scope,
        spec.name,
        [
            dashboards.metrics(
                "Requests",
                endpoint_id,
                alerts.ENDPOINTS,
                ["RequestsPerMinute", "ConnectionsActive"],
                category="Traffic",
            ),
            dashboards.metrics(
                "Response time",
                endpoint_id,
                alerts.ENDPOINTS,
                _LATENCIES,
                category="Traffic",
            ),
            dashboards.logs(
                "Failed requests, per cent",
                workspace,
                f"{alerts.requests(name, spec)}\n"
                f"| summarize Percent = 100.0 * countif({alerts.FAILED}) / count() {bins}",
            ),
            dashboards.logs(
                "Share of traffic", workspace, f"{alerts.requests(name, spec)}\n| summarize count() {bins}"
            ),
        ],
    )
