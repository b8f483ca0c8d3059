"""The Container Apps environment in the platform's network, which endpoints that scale to zero, a tracking server and
jobs share, and the application whose tokens the callers of apps present."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import app, privatedns

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.regions import region_zones
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry import callers
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.catalog.catalog import Choice
from mlplatform.components.base import native
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_endpoint
from mlplatform.fast.record import record

CONSUMPTION = "Consumption"
"""The profile without GPU that every environment has."""
_SHARED, _CALLERS = "apps", "callers"


@record(kw_only=True)
class AppEnvironment:
    """A Container Apps environment."""

    id: pulumi.Output[str]
    """Resource id of the environment."""

    domain: pulumi.Output[str]
    """Domain of its apps' addresses."""

    ready: tuple[pulumi.Resource, ...]
    """Prerequisites of an app."""


@record(kw_only=True)
class CallersApplication:
    """The Entra application whose tokens callers present."""

    client_id: pulumi.Output[str]
    """Its client id."""


def shared_environment(models: ModelRegistry) -> AppEnvironment:
    """The platform's environment, created for the first that needs it."""
    parts = native(models.parts, AzureModels)
    shared = parts.shared.get(_SHARED)
    if isinstance(shared, AppEnvironment):
        return shared
    environment = _build(parts.scope)
    parts.shared[_SHARED] = environment
    return environment


def shared_application(models: ModelRegistry) -> CallersApplication:
    """The application of all apps' callers, registered for the first app that needs it."""
    parts = native(models.parts, AzureModels)
    shared = parts.shared.get(_CALLERS)
    if isinstance(shared, CallersApplication):
        return shared
    application = CallersApplication(client_id=callers.callers_application(parts.scope))
    parts.shared[_CALLERS] = application
    return application


def workload_profile(choice: Choice | None, waits: bool) -> str:
    """The workload profile of an endpoint; one that waits for its model needs no GPU."""
    return choice.machine.serving_type("zero").lower() if choice and not waits else CONSUMPTION


def private_ingress(port: int) -> app.IngressArgs:
    """How an app is reached: from the network alone, by HTTPS.

    Args:
        port: that its container listens at.
    """
    return app.IngressArgs(
        # reachable from the network; the environment itself has no public address
        external=True,
        allow_insecure=False,
        target_port=port,
        transport=app.IngressTransportMethod.HTTP,
        traffic=[app.TrafficWeightArgs(latest_revision=True, weight=100)],
    )


def _build(scope: Scope) -> AppEnvironment:
    target, group = scope.target(AzureTarget), resource_group(scope)
    net = native(scope.context.network.parts, AzureNetwork)
    environment = app.ManagedEnvironment(
        scope.child("apps"),
        environment_name=physical_name(scope.spec, "app-environment", "apps"),
        resource_group_name=group.group_name,
        location=target.location,
        vnet_configuration=app.VnetConfigurationArgs(infrastructure_subnet_id=net.subnets["apps"], internal=True),
        workload_profiles=[
            app.WorkloadProfileArgs(name=CONSUMPTION, workload_profile_type=CONSUMPTION),
            *(
                # a GPU profile can only be set when the environment is created
                app.WorkloadProfileArgs(name=kind.lower(), workload_profile_type=kind)
                for kind in _gpu_profiles(scope)
            ),
        ],
        zone_redundant=bool(region_zones(target.location)),
        # a diagnostic setting sends them to the log workspace without the workspace's key
        app_logs_configuration=app.AppLogsConfigurationArgs(destination="azure-monitor"),
        peer_traffic_configuration=app.ManagedEnvironmentPeerTrafficConfigurationArgs(
            encryption=app.ManagedEnvironmentEncryptionArgs(enabled=True)
        ),
        tags=scope.tags,
        opts=scope.opts(
            depends_on=net.ready,
            delete_before_replace=True,
            replace_on_changes=["zoneRedundant"],
            timeouts={"create": "60m", "delete": "60m"},
        ),
    )
    logs = native(scope.context.telemetry.parts, AzureTelemetry)
    diagnostics.send_logs(
        scope,
        "apps",
        of=environment.id,
        to=logs.workspace_id,
        logs=("ContainerAppConsoleLogs", "ContainerAppSystemLogs"),
    )
    return AppEnvironment(
        id=environment.id,
        domain=environment.default_domain,
        ready=_names(scope, environment, net),
    )


def _gpu_profiles(scope: Scope) -> list[str]:
    profiles: set[str] = set()
    for endpoint in scope.spec.managed_endpoints:
        if endpoint.sleeps:
            choice = choose_endpoint(scope.context.backend, scope.context.target, endpoint)
            if choice:
                profiles.add(choice.machine.serving_type("zero"))
    return sorted(profiles)


def _names(scope: Scope, environment: app.ManagedEnvironment, net: AzureNetwork) -> tuple[pulumi.Resource, ...]:
    """Private names of the environment's address in the network."""
    group = resource_group(scope)
    zone = privatedns.PrivateZone(
        scope.child("apps-zone"),
        private_zone_name=environment.default_domain,
        resource_group_name=group.group_name,
        location="global",
        tags=scope.tags,
        opts=scope.opts(),
    )
    link = privatedns.VirtualNetworkLink(
        scope.child("apps-zone-link"),
        virtual_network_link_name=physical_name(scope.spec, "network", "link"),
        private_zone_name=zone.name,
        resource_group_name=group.group_name,
        location="global",
        registration_enabled=False,
        virtual_network=privatedns.SubResourceArgs(id=net.network_id),
        tags=scope.tags,
        opts=scope.opts(),
    )
    record = privatedns.PrivateRecordSet(
        scope.child("apps-record"),
        relative_record_set_name="*",
        record_type="A",
        private_zone_name=zone.name,
        resource_group_name=group.group_name,
        ttl=300,
        a_records=[privatedns.ARecordArgs(ipv4_address=environment.static_ip)],
        opts=scope.opts(),
    )
    return link, record
