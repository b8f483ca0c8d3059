"""Endpoints that scale to zero: Container Apps, because managed online endpoints cannot."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import app

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.monitoring import dashboards
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry import app_login, apps
from mlplatform.backends.azure.registry.parts import AzureImages, AzureModels
from mlplatform.backends.azure.serving import servers
from mlplatform.backends.azure.serving.parts import AzureSleepingEndpoint
from mlplatform.backends.azure.serving.secrets import secrets_vault
from mlplatform.backends.azure.serving.sleeping import alarms, containers
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build_sleeping_endpoint(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> AzureSleepingEndpoint:
    """Make one endpoint that scales to zero without requests."""
    target, group = scope.target(AzureTarget), resource_group(scope)
    identity, images = native(needs.identity.parts, AzureIdentity), native(needs.images.parts, AzureImages)
    shared = apps.shared_environment(needs.models)
    application = apps.shared_application(needs.models)
    _note_once(scope, needs)
    acts_as = identity.identity_id
    if acts_as is None:
        raise TypeError(f"{scope.name}: an endpoint needs a managed identity, not a group of people")
    name = physical_name(scope.spec, "app", spec.name)
    waits = spec.awaits_model
    port = containers.WAITING_PORT if waits else servers.server_address(spec).port
    container_app = app.ContainerApp(
        scope.child("app"),
        container_app_name=name,
        resource_group_name=group.group_name,
        location=target.location,
        environment_id=shared.id,
        workload_profile_name=apps.workload_profile(needs.choice, waits),
        identity=app.ManagedServiceIdentityArgs(
            type=app.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[acts_as]
        ),
        configuration=app.ConfigurationArgs(
            # a new revision takes over only when it is ready
            active_revisions_mode=app.ActiveRevisionsMode.SINGLE,
            ingress=apps.private_ingress(port),
            identity_settings=[
                # the container that fetches the model uses it too
                app.IdentitySettingsArgs(identity=acts_as, lifecycle=app.IdentitySettingsLifeCycle.ALL)
            ],
            registries=[app.RegistryCredentialsArgs(server=images.login_server, identity=acts_as)],
            secrets=[
                app.SecretArgs(
                    name=secret,
                    identity=acts_as,
                    key_vault_url=pulumi.Output.concat(secrets_vault(scope).uri, f"/secrets/{secret}"),
                )
                for secret in sorted({secret.lower() for secret in spec.secrets.values()})
            ]
            if not waits
            else None,
        ),
        template=app.TemplateArgs(
            containers=containers.serving_containers(scope, spec, needs),
            init_containers=containers.model_containers(scope, spec, needs),
            volumes=[app.VolumeArgs(name="model", storage_type=app.StorageType.EMPTY_DIR)],
            scale=app.ScaleArgs(
                min_replicas=spec.replicas[0],
                max_replicas=spec.replicas[1],
                cooldown_period=spec.autoscaling.cooldown_seconds,
                polling_interval=15,
                rules=[
                    app.ScaleRuleArgs(
                        name="requests-in-flight",
                        http=app.HttpScaleRuleArgs(metadata={"concurrentRequests": str(spec.autoscaling.target)}),
                    )
                ],
            ),
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*identity.grants, *images.ready, *shared.ready]),
    )
    endpoint = AzureSleepingEndpoint(
        endpoint_name=container_app.name,
        url=pulumi.Output.concat(f"https://{name}.", shared.domain),
        dashboard_url=_dashboard(scope, spec, container_app.id) if scope.spec.monitoring.dashboards else None,
    )
    app_login.admit_callers(
        scope, known_output(container_app, name), application.client_id, identity.principal, endpoint.callers
    )
    if spec.server == "triton" and not (spec.accelerator or spec.image or spec.all_variants()[0].image or waits):
        scope.note(
            f"endpoints[{spec.name}].server",
            # https://learn.microsoft.com/azure/container-apps/containers#limitations, and what happens beyond:
            # https://github.com/microsoft/azure-container-apps/issues/1428
            "Triton's public image is larger than the 8 GB that Container Apps supports without a GPU: it starts, but "
            "its logs can be missing; name a smaller image, or set replicas to at least 1",
        )
    logs = native(scope.context.telemetry.parts, AzureTelemetry)
    diagnostics.send_logs(scope, "app", of=container_app.id, to=logs.workspace_id, metrics=True)
    alarms.watch_app(scope, spec, container_app.id)
    return endpoint


def _note_once(scope: Scope, needs: EndpointNeeds) -> None:
    """What is true of all sleeping endpoints is said with the first."""
    first = native(needs.models.parts, AzureModels).shared.setdefault("first sleeping endpoint", scope.name)
    if first == scope.name:
        scope.note(
            f"endpoints[{scope.name.removeprefix(f'{scope.context.prefix}-endpoint-')}].replicas",
            "an endpoint that scales to zero is a Container App: each start loads the model into the replica's 8 GiB "
            "of local storage; a new model takes all traffic as soon as it is ready, without a bake time; callers need "
            "a token for the application that the deployment's output names",
        )


def _dashboard(scope: Scope, spec: EndpointSpec, app_id: pulumi.Output[str]) -> pulumi.Output[str]:
    metrics = ["GpuUtilizationPercentage"] if spec.accelerator else ["CpuPercentage", "MemoryPercentage"]
    return dashboards.make_workbook(
        scope,
        spec.name,
        [
            dashboards.metrics_chart("Requests and replicas", app_id, alarms.APP_METRICS, ["Requests", "Replicas"]),
            dashboards.metrics_chart("Response time", app_id, alarms.APP_METRICS, ["ResponseTime"]),
            dashboards.metrics_chart("Use, per cent", app_id, alarms.APP_METRICS, metrics),
        ],
    )
