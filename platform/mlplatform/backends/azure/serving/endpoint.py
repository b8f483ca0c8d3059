"""Online endpoints: managed by Azure Machine Learning, or Container Apps where they scale to zero."""

from __future__ import annotations

from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.registry.run_storage import WRITES_ONLY_RUNS
from mlplatform.backends.azure.serving import alarms, autoscaling, capture, rollout, servers, slo, traffic, variants
from mlplatform.backends.azure.serving.dashboards import endpoint_dashboard
from mlplatform.backends.azure.serving.parts import AzureEndpoint
from mlplatform.backends.azure.serving.secrets import grant_secrets
from mlplatform.backends.azure.serving.sleeping.endpoint import build_sleeping_endpoint
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds, EndpointParts
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_LOGS = ("AmlOnlineEndpointTrafficLog", "AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog")


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> EndpointParts:
    """One endpoint: managed, or a Container App where it scales to zero."""
    grant_secrets(scope, spec, needs.identity)
    if spec.sleeps:
        return build_sleeping_endpoint(scope, spec, needs)
    target, models = scope.target(AzureTarget), native(needs.models.parts, AzureModels)
    identity = native(needs.identity.parts, AzureIdentity)
    name = physical_name(scope.spec, "ml-endpoint", spec.name)
    identity_name = physical_name(scope.spec, "identity", identity.principals[0].label)
    identity_id = identity.known_id or target.resource(
        models.group_name, "Microsoft.ManagedIdentity/userAssignedIdentities", identity_name
    )
    # the workspace's own storage holds what Azure stages for a deployment, and the collector's buffers,
    # https://learn.microsoft.com/azure/machine-learning/how-to-access-resources-from-endpoints-managed-identities
    storage_rights = [
        assign_role(
            scope,
            "workspace-storage",
            "blob-contributor" if spec.capture_percent else "blob-reader",
            on=models.storage_id,
            to=principal,
            awaited=True,
            condition=WRITES_ONLY_RUNS if spec.capture_percent else None,
        )
        for principal in identity.principals
    ]
    # a user-assigned identity needs a role to report a deployment's use of CPU, memory and GPU
    report_rights = [
        assign_role(scope, "metrics", "ml-metrics-writer", on=models.workspace_id, to=principal)
        for principal in identity.principals
    ]
    endpoint = ml.OnlineEndpoint(
        scope.child("endpoint"),
        endpoint_name=name,
        workspace_name=models.workspace_name,
        resource_group_name=resource_group(scope).group_name,
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
        # an update of this resource would drop the traffic: `settle_traffic` writes every change together with it
        opts=scope.opts(
            depends_on=[*models.ready, *identity.grants, *report_rights, *storage_rights],
            ignore_changes=["tags", "identity", "properties"],
            delete_before_replace=True,
        ),
    )
    workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
    logged = diagnostics.send_logs(scope, "endpoint", of=endpoint.id, to=workspace, logs=_LOGS)
    rollback = alarms.watch_requests(scope, spec, name, endpoint.id, [logged])
    collector = capture.capture_requests(scope, spec, needs, name)
    shadow = spec.shadow.name if spec.shadow else None
    copies = capture.capture_requests(scope, spec, needs, name, shadow=True) if shadow else None
    releases = [
        variants.release_variant(
            scope,
            spec,
            needs,
            request,
            endpoint=name,
            collector=copies if request.name == shadow else collector,
            depends_on=[endpoint, *identity.grants, *models.ready, *rollback.rules],
        )
        for request in variants.requested_releases(spec)
    ]
    body = traffic.endpoint_body(scope, spec, identity_id, releases)
    live = traffic.live_releases(releases, spec)
    settled = traffic.settle_traffic(
        scope, name, models, body, traffic.traffic_shares(live), [endpoint, *(release.template for release in releases)]
    )
    if releases:
        rollout.make_rollout(
            scope,
            spec,
            needs,
            endpoint=name,
            endpoint_id=endpoint.id,
            body=body,
            releases=releases,
            rollback=rollback,
            after=settled,
        )
    for release in releases:
        autoscaling.autoscale_variant(scope, spec, release, endpoint.id)
        alarms.watch_saturation(scope, spec, release)
    if spec.slo:
        slo.watch_objectives(scope, spec, spec.slo, name)
    path = "/score" if servers.NO_CODE.get(spec.server) == "mlflow_model" or spec.server == "tensorflow" else ""
    return AzureEndpoint(
        endpoint_name=known_output(endpoint, name),
        url=known_output(endpoint, f"https://{name}.{target.location}.inference.ml.azure.com{path}"),
        dashboard_url=endpoint_dashboard(scope, spec, name, endpoint.id) if scope.spec.monitoring.dashboards else None,
        scope=scope,
        endpoint_id=endpoint.id,
        caller_role_id=models.caller_role_id,
    )
