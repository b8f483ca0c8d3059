"""Alarms and dashboards of the whole platform: GPUs, nodes, the store, quotas."""

from __future__ import annotations

from mlplatform.backends.azure.artifact_store.parts import AzureContainer, AzureStore
from mlplatform.backends.azure.monitoring import alarms, cluster_rules, dashboards, quota_alarms
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.backends.azure.training.parts import AzureCluster
from mlplatform.components.base import native
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.monitoring import MonitoringSpec

_ACCOUNTS = "Microsoft.Storage/storageAccounts"
_CLUSTERS = "Microsoft.ContainerService/managedClusters"
_AVAILABLE_PERCENT = 99.9


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    """Alarms and dashboards of everything except endpoints."""
    _store(scope, native(watched.store.parts, AzureStore))
    quota_alarms.watch_quotas(scope, spec.alerts)
    if watched.cluster is None:
        return MonitoringParts()
    cluster = native(watched.cluster.parts, AzureCluster)
    telemetry = native(scope.context.telemetry.parts, AzureTelemetry)
    if telemetry.metrics_id is not None:
        cluster_rules.add_cluster_rules(scope, spec.alerts, cluster, telemetry.metrics_id)
        cluster_rules.add_recorded_metrics(scope, cluster, telemetry.metrics_id)
    _nodes(scope, spec, cluster)
    if not spec.dashboards:
        return MonitoringParts()
    charts = [
        dashboards.metrics_chart(
            "Nodes' use, per cent",
            cluster.cluster_id,
            _CLUSTERS,
            ["node_cpu_usage_percentage", "node_memory_working_set_percentage", "node_disk_usage_percentage"],
            category="Nodes (PREVIEW)",
        ),
        dashboards.log_chart(
            "What the autoscaler said",
            telemetry.workspace_id,
            "AKSControlPlane\n| where Category == 'cluster-autoscaler'\n"
            "| summarize count() by bin(TimeGenerated, 15m), Level",
        ),
    ]
    if telemetry.metrics_id is not None:
        title = "GPUs that pods hold, by node, per cent"
        charts.append(dashboards.promql_chart(title, telemetry.metrics_id, cluster_rules.GPU_HELD_PERCENT))
    return MonitoringParts(dashboards={"cluster": dashboards.make_workbook(scope, "cluster", charts)})


def _store(scope: Scope, store: AzureStore) -> None:
    """Alarms on requests that the store's accounts could not answer."""
    accounts = {
        container.account_name: (place, container)
        for place in reversed(PLACES)
        if isinstance(container := store.containers[place], AzureContainer)
    }
    for name, (place, container) in accounts.items():
        role = "store" if name == store.account_name else f"store-{place}"
        alarms.metric_alarm(
            scope,
            role,
            severity="critical",
            description=f"Less than {_AVAILABLE_PERCENT} % of requests to the artifact store are answered",
            on=container.account_id,
            namespace=_ACCOUNTS,
            name="Availability",
            below=_AVAILABLE_PERCENT,
            window="PT15M",
            every="PT5M",
        )


def _nodes(scope: Scope, spec: MonitoringSpec, cluster: AzureCluster) -> None:
    """Alarms on failing node pools, from metrics that Azure has of every cluster."""
    limit = spec.alerts.saturation_percent
    for what, name in (
        ("cpu", "node_cpu_usage_percentage"),
        ("memory", "node_memory_working_set_percentage"),
        ("disk", "node_disk_usage_percentage"),
    ):
        alarms.metric_alarm(
            scope,
            f"nodes-{what}",
            severity="warning",
            description=f"{what} of the cluster's nodes is above {limit} %",
            on=cluster.cluster_id,
            namespace=_CLUSTERS,
            name=name,
            above=limit,
            window="PT15M",
            every="PT5M",
        )
    alarms.metric_alarm(
        scope,
        "nodes-not-ready",
        severity="critical",
        description="A node of the cluster is not ready",
        on=cluster.cluster_id,
        namespace=_CLUSTERS,
        name="kube_node_status_condition",
        above=0,
        dimensions={"condition": ("Ready",), "status2": ("NotReady", "Unknown")},
        window="PT15M",
        every="PT5M",
    )
    alarms.log_alarm(
        scope,
        "scale-up",
        severity="warning",
        description="A node pool could not grow: capacity, quota or a reservation is short",
        kql="AKSControlPlane\n| where Category == 'cluster-autoscaler'\n"
        "| where Message has_any ('Failed to scale up', 'failed to increase node group size', 'backoff')\n"
        "| summarize Failures = count()",
        column="Failures",
        above=0,
        window="PT15M",
        every="PT15M",
        depends_on=[cluster.cluster],
    )
