"""Managed Prometheus: an Azure Monitor workspace, and the collection of a cluster's metrics into it."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

_STREAM = "Microsoft-PrometheusMetrics"


@record(kw_only=True)
class PrometheusWorkspace:
    """An Azure Monitor workspace with its collection."""

    workspace_id: pulumi.Output[str]
    """Resource id of the Azure Monitor workspace."""

    rule_id: pulumi.Output[str]
    """Collection rule to associate with a cluster."""

    endpoint_id: pulumi.Output[str]
    """Collection endpoint."""

    query_url: pulumi.Output[str]
    """Address that answers PromQL."""


def make_prometheus(scope: Scope) -> PrometheusWorkspace:
    """Make workspace, collection endpoint and rule; nothing is scraped until a cluster is associated."""
    group, location = resource_group(scope), scope.target(AzureTarget).location
    workspace = monitor.AzureMonitorWorkspace(
        scope.child("metrics"),
        azure_monitor_workspace_name=physical_name(scope.spec, "metric-workspace", "metrics"),
        resource_group_name=group.group_name,
        location=location,
        public_network_access=monitor.PublicNetworkAccess.ENABLED,
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected),
    )
    endpoint = monitor.DataCollectionEndpoint(
        scope.child("metrics-endpoint"),
        data_collection_endpoint_name=physical_name(scope.spec, "collection", "metrics"),
        resource_group_name=group.group_name,
        location=location,
        kind=monitor.KnownDataCollectionEndpointResourceKind.LINUX,
        network_acls=monitor.DataCollectionEndpointNetworkAclsArgs(
            public_network_access=monitor.KnownPublicNetworkAccessOptions.ENABLED
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rule = monitor.DataCollectionRule(
        scope.child("metrics-rule"),
        data_collection_rule_name=physical_name(scope.spec, "collection", "metrics"),
        resource_group_name=group.group_name,
        location=location,
        kind=monitor.KnownDataCollectionRuleResourceKind.LINUX,
        data_collection_endpoint_id=endpoint.id,
        data_sources=monitor.DataCollectionRuleDataSourcesArgs(
            prometheus_forwarder=[monitor.PrometheusForwarderDataSourceArgs(name="prometheus", streams=[_STREAM])]
        ),
        destinations=monitor.DataCollectionRuleDestinationsArgs(
            monitoring_accounts=[
                monitor.MonitoringAccountDestinationArgs(name="metrics", account_resource_id=workspace.id)
            ]
        ),
        data_flows=[monitor.DataFlowArgs(streams=[_STREAM], destinations=["metrics"])],
        tags=scope.tags,
        opts=scope.opts(),
    )
    return PrometheusWorkspace(
        workspace_id=workspace.id,
        rule_id=rule.id,
        endpoint_id=endpoint.id,
        query_url=workspace.metrics.prometheus_query_endpoint,
    )
