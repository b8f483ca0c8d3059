"""Alerts and workbook of an endpoint on the cluster, over the metrics of its routers in managed Prometheus."""

from __future__ import annotations

from pulumi_azure_native import alertsmanagement

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.monitoring import dashboards
from mlplatform.backends.azure.monitoring.prometheus_rule import prometheus_rule
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.backends.azure.training.parts import AzureCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import EndpointWatch
from mlplatform.components.endpoint_metrics import endpoint_charts, endpoint_rules
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, cluster: Cluster) -> EndpointWatch:
    """A group of rules over the cluster's metrics, and a workbook."""
    metrics = native(scope.context.telemetry.parts, AzureTelemetry).metrics_id
    if metrics is None:
        return EndpointWatch()
    alertsmanagement.PrometheusRuleGroup(
        scope.child("rules"),
        rule_group_name=physical_name(scope.spec, "alert", f"endpoint-{spec.name}"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        description=f"Answers, replicas and routers of the endpoint {spec.name}",
        enabled=True,
        interval="PT1M",
        scopes=[metrics],
        cluster_name=native(cluster.parts, AzureCluster).cluster_name,
        rules=[
            prometheus_rule(scope, rule.alert, rule.severity, rule.query, rule.minutes, rule.title, endpoint=spec.name)
            for rule in endpoint_rules(spec, scope.spec.monitoring.alerts)
        ],
        tags=scope.tags,
        opts=scope.opts(),
    )
    if not scope.spec.monitoring.dashboards:
        return EndpointWatch()
    charts = [dashboards.promql_chart(chart.title, metrics, chart.query) for chart in endpoint_charts(spec)]
    return EndpointWatch(dashboard_url=dashboards.make_workbook(scope, spec.name, charts))
