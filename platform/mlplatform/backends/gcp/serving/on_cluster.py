"""Alerts and dashboard of an endpoint on the cluster, over the metrics of its routers in Managed Prometheus."""

from __future__ import annotations

from mlplatform.backends.gcp.monitoring.alarms import AlertRule, build_alert_policy
from mlplatform.backends.gcp.monitoring.chart import Chart
from mlplatform.backends.gcp.monitoring.dashboards import build_dashboard, dashboard_url
from mlplatform.backends.gcp.training.parts import GcpCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import EndpointWatch
from mlplatform.components.endpoint_metrics import endpoint_charts, endpoint_rules
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, cluster: Cluster) -> EndpointWatch:
    """A policy per rule, and a dashboard. Managed Prometheus has the series of every cluster of the project."""
    matcher = f'cluster="{native(cluster.parts, GcpCluster).name}"'
    for rule in endpoint_rules(spec, scope.spec.monitoring.alerts, matcher):
        policy = AlertRule(rule.role, rule.title, rule.query, rule.severity, minutes=rule.minutes, advice=rule.advice)
        build_alert_policy(scope, policy, spec.name)
    if not scope.spec.monitoring.dashboards:
        return EndpointWatch()
    charts = [Chart(chart.title, (chart.query,)) for chart in endpoint_charts(spec, matcher)]
    dashboard = build_dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)
    return EndpointWatch(dashboard_url=dashboard_url(scope, dashboard))
