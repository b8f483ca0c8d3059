"""Flow logs of the virtual network, to the archive and to traffic analytics."""

from __future__ import annotations

from pulumi_azure_native import network

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.scope import Scope

_MOST_DAYS = 365
"""Longest retention of a flow log; the archive's own expiry may be longer."""


def keep_flow_logs(scope: Scope, net: AzureNetwork, telemetry: AzureTelemetry) -> network.FlowLog:
    """Make the flow log, a child of the network watcher that Azure has once per region and subscription."""
    location = scope.target(AzureTarget).location
    identity = make_managed_identity(scope, "flow-logs-identity", "flow-logs")
    writer = principal_of(identity, "flow-logs")
    # the archive accepts no account keys: the watcher writes as an identity
    right = assign_role(scope, "write-archive", "blob-contributor", on=telemetry.archive_id, to=writer)
    return network.FlowLog(
        scope.child("flow-logs"),
        flow_log_name=physical_name(scope.spec, "network", "flow-logs"),
        network_watcher_name=f"NetworkWatcher_{location}",
        resource_group_name="NetworkWatcherRG",
        location=location,
        target_resource_id=net.network_id,
        storage_id=telemetry.archive_id,
        enabled=True,
        format=network.FlowLogFormatParametersArgs(type=network.FlowLogFormatType.JSON, version=2),
        retention_policy=network.RetentionPolicyParametersArgs(
            enabled=True, days=min(_MOST_DAYS, telemetry.retention_days)
        ),
        identity=network.ManagedServiceIdentityArgs(
            type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        flow_analytics_configuration=network.TrafficAnalyticsPropertiesArgs(
            network_watcher_flow_analytics_configuration=network.TrafficAnalyticsConfigurationPropertiesArgs(
                enabled=True,
                traffic_analytics_interval=60,
                workspace_id=telemetry.customer_id,
                workspace_region=location,
                workspace_resource_id=telemetry.workspace_id,
            )
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[right, *telemetry.archive_ready, *net.ready]),
    )
