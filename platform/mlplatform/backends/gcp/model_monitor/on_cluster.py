"""Alerts on a monitor that the cluster runs, over the log of its pods."""

from __future__ import annotations

from pulumi_gcp import logging

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.model_monitor.signals import log_metric, looks_metric
from mlplatform.backends.gcp.model_monitor.watch import log_lines, silence_title, watch_monitor
from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.parts import GcpCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.monitor_alerts import LOOK, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import MONITORS_NAMESPACE, ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, cluster: Cluster) -> None:
    """Build the alerts. Lines of other namespaces and clusters do not count: any pod can write them."""
    whose = (
        f'resource.type="k8s_container" AND resource.labels.cluster_name="{native(cluster.parts, GcpCluster).name}" '
        f'AND resource.labels.namespace_name="{MONITORS_NAMESPACE}" AND jsonPayload.endpoint="{endpoint.name}"'
    )
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    logging.Metric(
        scope.child("looks"),
        project=scope.target(GcpTarget).project,
        name=looks_metric(scope.spec, endpoint),
        description=f"Looks of the monitor of {endpoint.name} that ended",
        filter=log_lines(whose, LOOK),
        metric_descriptor=logging.MetricMetricDescriptorArgs(metric_kind="DELTA", value_type="INT64", unit="1"),
        opts=scope.opts(depends_on=foundation.after("logging")),
    )
    watch_monitor(scope, spec, endpoint, whose, _silence(scope, spec, endpoint))


def _silence(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec) -> AlertRule:
    """The rule that no look has ended for long: no metric of Google counts the jobs of a cluster."""
    hours = silent_hours(spec)
    counted = f'{log_metric(looks_metric(scope.spec, endpoint))}{{monitored_resource="k8s_container"}}'
    return AlertRule(
        "silence",
        silence_title(spec, endpoint),
        f"(sum(increase({counted}[{hours}h])) or vector(0)) < 1",
        "critical",
        # a new monitor's first look: a condition may hold for a day at most before it counts
        minutes=min(spec.every_hours * 60, 23 * 60),
        advice=silence_words(spec, endpoint),
    )
