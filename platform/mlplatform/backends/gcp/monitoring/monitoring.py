"""Rules and dashboards of the whole platform: GPUs, nodes, scaling, storage and quotas."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.artifact_store.parts import GcpBucket, GcpStore
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.alerts import Rule, policy
from mlplatform.backends.gcp.monitoring.dashboards import Chart, address, dashboard
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import LONG, physical
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.telemetry import AUTOSCALER_LOG
from mlplatform.backends.gcp.training.parts import GcpCluster
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.spec.monitoring import AlertsSpec, MonitoringSpec

_NODE = "Hostname, instance"
"""Labels that tell one node's GPUs from another's: the exporter's own, and Managed Prometheus's of every exporter."""


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    """Make the rules of what is there, and the dashboard of the cluster's GPUs."""
    store = native(watched.store.parts, GcpStore)
    buckets = "|".join(bucket.name for bucket in store.buckets.values() if isinstance(bucket, GcpBucket))
    stored = storage_rules(buckets, spec.alerts) if buckets else ()
    for rule in (*stored, *quota_rules(scope.target(GcpTarget), spec.alerts)):
        policy(scope, rule)
    if watched.cluster is None:
        return MonitoringParts()
    cluster = native(watched.cluster.parts, GcpCluster).name
    for rule in node_rules(cluster, spec.alerts):
        policy(scope, rule)
    _scale_up_failures(scope, cluster)
    if not watched.pools:
        return MonitoringParts()
    use = gpu_use(cluster, prometheus=spec.prometheus)
    for rule in gpu_rules(use, spec.alerts):
        policy(scope, rule)
    if not spec.dashboards:
        return MonitoringParts()
    made = dashboard(scope, "gpus", "gpus", list(gpu_charts(cluster, use, prometheus=spec.prometheus)))
    return MonitoringParts(dashboards={"gpus": address(scope, made)})


def gpu_use(cluster: str, *, prometheus: bool) -> str:
    """Use of each node's GPUs, per cent. Without Managed Prometheus only GPUs that a pod holds are seen."""
    if prometheus:
        return f'avg by ({_NODE}) (DCGM_FI_DEV_GPU_UTIL{{cluster="{cluster}"}})'
    return f'avg by (pod_name) (kubernetes_io:container_accelerator_duty_cycle{{cluster_name="{cluster}"}})'


def gpu_rules(use: str, alerts: AlertsSpec) -> Iterator[Rule]:
    """GPUs that cost money for nothing, and GPUs that are the bottleneck."""
    yield Rule(
        "gpu-idle",
        f"A node's GPUs are below {alerts.gpu_idle_percent} % for {alerts.gpu_idle_minutes} minutes",
        f"{use} < {alerts.gpu_idle_percent}",
        "warning",
        minutes=alerts.gpu_idle_minutes,
        advice="The pool scales to zero by itself once no pod holds the node: look for one that waits or sleeps.",
    )
    yield Rule(
        "gpu-hot",
        f"A node's GPUs are above {alerts.saturation_percent} % for an hour",
        f"{use} > {alerts.saturation_percent}",
        "warning",
        minutes=60,
        advice="Good for training; for anything that answers requests it means that GPUs are short.",
    )


def node_rules(cluster: str, alerts: AlertsSpec) -> Iterator[Rule]:
    """Nodes that fail, and nodes that are full."""
    ours = f'cluster_name="{cluster}"'
    limit = alerts.saturation_percent
    yield Rule(
        "nodes-not-ready",
        "Nodes are not ready for ten minutes",
        f'sum by (node_name) (kubernetes_io:node_status_condition{{{ours},condition="Ready",status!="True"}}) > 0',
        "critical",
        minutes=10,
        advice="GKE repairs nodes by itself; where it does not, look at the node's events and the GPU driver.",
    )
    for role, metric in (
        ("node-cpu", f"kubernetes_io:node_cpu_allocatable_utilization{{{ours}}}"),
        ("node-memory", f'kubernetes_io:node_memory_allocatable_utilization{{{ours},memory_type="non-evictable"}}'),
    ):
        yield Rule(
            role,
            f"A node's {role.removeprefix('node-')} is above {limit} % for 15 minutes",
            f"100 * max by (node_name) ({metric}) > {limit}",
            "warning",
            minutes=15,
            advice="Raise the requests of its pods, or take a larger machine.",
        )


def storage_rules(buckets: str, alerts: AlertsSpec) -> Iterator[Rule]:
    """Requests to the store that fail, the callers' own mistakes left out."""
    count = "storage_googleapis_com:api_request_count"
    ours = f'bucket_name=~"{buckets}"'
    failed = (
        f'sum by (bucket_name) (rate({count}{{{ours},response_code=~"INTERNAL|UNAVAILABLE|RESOURCE_EXHAUSTED"}}[5m]))'
    )
    every = f"sum by (bucket_name) (rate({count}{{{ours}}}[5m]))"
    yield Rule(
        "storage-errors",
        f"More than {alerts.error_rate_percent:g} % of requests to a place of the store fail",
        f"100 * {failed} / {every} > {alerts.error_rate_percent:g}",
        "warning",
        minutes=10,
        advice="RESOURCE_EXHAUSTED: spread names or slow down. Others: look at Google Cloud's status.",
    )
    denied = f'sum by (bucket_name) (increase({count}{{{ours},response_code="PERMISSION_DENIED"}}[10m]))'
    yield Rule(
        "storage-denied",
        "Requests to a place of the store are denied",
        f"{denied} > 20",
        "warning",
        advice="Somebody lacks a grant, or the key's grant to Cloud Storage is gone.",
    )


def quota_rules(target: GcpTarget, alerts: AlertsSpec) -> Iterator[Rule]:
    """Quotas that are nearly used up, or in the way."""
    where = f'monitored_resource="consumer_quota",location=~"{target.region}|global"'
    # usage carries no limit's name, is written when it changes or once a day, and a limit below zero is none
    same = "quota_metric, location"
    used = f"max by ({same}) (last_over_time(serviceruntime_googleapis_com:quota_allocation_usage{{{where}}}[1d]))"
    limit = f"min by ({same}) (last_over_time(serviceruntime_googleapis_com:quota_limit{{{where}}}[1d]) > 0)"
    yield Rule(
        "quota-near",
        f"More than {alerts.quota_percent} % of a quota is used",
        f"100 * {used} / {limit} > {alerts.quota_percent}",
        "warning",
        minutes=10,
        advice="Ask for more on the console's quota page before a pool or an endpoint cannot grow.",
    )
    yield Rule(
        "quota-exceeded",
        "A request was refused because a quota is used up",
        # true or not, no counter
        f"max by (quota_metric) (max_over_time(serviceruntime_googleapis_com:quota_exceeded{{{where}}}[10m])) > 0",
        "warning",
        advice="Ask for more on the console's quota page.",
    )


def gpu_charts(cluster: str, use: str, *, prometheus: bool) -> Iterator[Chart]:
    """What the cluster's GPUs and nodes do."""
    ours = f'cluster_name="{cluster}"'
    yield Chart("GPU use by node, %", (use,))
    if prometheus:
        used, free = (f'DCGM_FI_DEV_FB_{kind}{{cluster="{cluster}"}}' for kind in ("USED", "FREE"))
        yield Chart("GPU memory by node, %", (f"100 * avg by ({_NODE}) ({used} / ({used} + {free}))",))
        for title, how, metric in (("temperature, °C", "max", "GPU_TEMP"), ("power, W", "sum", "POWER_USAGE")):
            yield Chart(f"GPU {title}", (f'{how} by ({_NODE}) (DCGM_FI_DEV_{metric}{{cluster="{cluster}"}})',))
    yield Chart("Nodes", (f"count(kubernetes_io:node_cpu_total_cores{{{ours}}})",))
    yield Chart("Node CPU, %", (f"100 * kubernetes_io:node_cpu_allocatable_utilization{{{ours}}}",))


def _scale_up_failures(scope: Scope, cluster: str) -> monitoring.AlertPolicy:
    """The autoscaler says in its log why a pool does not grow,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility"""
    target = scope.target(GcpTarget)
    routes = native(scope.context.routes.parts, GcpRoutes)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    after: list[pulumi.Resource] = [*routes.ready, *foundation.after("monitoring")]
    return monitoring.AlertPolicy(
        scope.child("alert-scale-up"),
        project=target.project,
        display_name=physical(scope.spec, "scale-up-failures", LONG),
        combiner="OR",
        severity="WARNING",
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name="A node pool cannot grow",
                condition_matched_log=monitoring.AlertPolicyConditionConditionMatchedLogArgs(
                    filter=(
                        f'LOG_ID("{AUTOSCALER_LOG}") AND resource.labels.cluster_name="{cluster}" AND '
                        '(jsonPayload.resultInfo.results.errorMsg.messageId:"scale.up.error" OR '
                        "jsonPayload.noDecisionStatus.noScaleUp.unhandledPodGroups:*)"
                    )
                ),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(
            auto_close="3600s",
            notification_rate_limit=monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period="3600s"),
        ),
        documentation=monitoring.AlertPolicyDocumentationArgs(
            content="Usually a quota, a zone without free GPUs, or a pod that fits no pool: the log entry says which.",
            mime_type="text/markdown",
        ),
        notification_channels=list(routes.targets["warning"]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=after),
    )
