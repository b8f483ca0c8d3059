"""Rules and charts of the cluster: its nodes and their GPUs."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.cluster.recorded import GPU_NODE
from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.backends.gcp.monitoring.chart import Chart
from mlplatform.components.queue_alert import ADVICE, TITLE, stalled_queues
from mlplatform.spec.monitoring import AlertsSpec


def gpu_use(cluster: str, *, prometheus: bool) -> str:
    """PromQL: use of each node's GPUs, per cent. Without Managed Prometheus it sees only GPUs that a pod uses."""
    if prometheus:
        return f'avg by ({GPU_NODE}) (DCGM_FI_DEV_GPU_UTIL{{cluster="{cluster}"}})'
    return f'avg by (pod_name) (kubernetes_io:container_accelerator_duty_cycle{{cluster_name="{cluster}"}})'


def gpu_rules(use: str, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Rules for idle GPUs, and for GPUs that are the bottleneck."""
    yield AlertRule(
        "gpu-idle",
        f"A node's GPUs are below {alerts.gpu_idle_percent} % for {alerts.gpu_idle_minutes} minutes",
        f"{use} < {alerts.gpu_idle_percent}",
        "warning",
        minutes=alerts.gpu_idle_minutes,
        advice="The pool scales to zero by itself once no pod holds the node: look for one that waits or sleeps.",
    )
    yield AlertRule(
        "gpu-hot",
        f"A node's GPUs are above {alerts.saturation_percent} % for an hour",
        f"{use} > {alerts.saturation_percent}",
        "warning",
        minutes=60,
        advice="Good for training; for anything that answers requests it means that GPUs are short.",
    )


def queue_rules(cluster: str, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """The rule for a queue that does not move."""
    yield AlertRule(
        "queue-stalled",
        TITLE,
        stalled_queues(f'cluster="{cluster}"'),
        "warning",
        minutes=alerts.queue_stalled_minutes,
        advice=ADVICE,
    )


def node_rules(cluster: str, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Rules for nodes that fail, and nodes that are full."""
    matcher = f'cluster_name="{cluster}"'
    limit = alerts.saturation_percent
    yield AlertRule(
        "nodes-not-ready",
        "Nodes are not ready for ten minutes",
        f'sum by (node_name) (kubernetes_io:node_status_condition{{{matcher},condition="Ready",status!="True"}}) > 0',
        "critical",
        minutes=10,
        advice="GKE repairs nodes by itself; where it does not, look at the node's events and the GPU driver.",
    )
    for role, metric in (
        ("node-cpu", f"kubernetes_io:node_cpu_allocatable_utilization{{{matcher}}}"),
        (
            "node-memory",
            f'kubernetes_io:node_memory_allocatable_utilization{{{matcher},memory_type="non-evictable"}}',
        ),
    ):
        yield AlertRule(
            role,
            f"A node's {role.removeprefix('node-')} is above {limit} % for 15 minutes",
            f"100 * max by (node_name) ({metric}) > {limit}",
            "warning",
            minutes=15,
            advice="Raise the requests of its pods, or take a larger machine.",
        )


def gpu_charts(cluster: str, use: str, *, prometheus: bool) -> Iterator[Chart]:
    """Charts of the cluster's GPUs and nodes."""
    matcher = f'cluster_name="{cluster}"'
    yield Chart("GPU use by node, %", (use,))
    if prometheus:
        used, free = (f'DCGM_FI_DEV_FB_{kind}{{cluster="{cluster}"}}' for kind in ("USED", "FREE"))
        yield Chart("GPU memory by node, %", (f"100 * avg by ({GPU_NODE}) ({used} / ({used} + {free}))",))
        for title, how, metric in (("temperature, °C", "max", "GPU_TEMP"), ("power, W", "sum", "POWER_USAGE")):
            yield Chart(f"GPU {title}", (f'{how} by ({GPU_NODE}) (DCGM_FI_DEV_{metric}{{cluster="{cluster}"}})',))
    yield Chart("Nodes", (f"count(kubernetes_io:node_cpu_total_cores{{{matcher}}})",))
    yield Chart("Node CPU, %", (f"100 * kubernetes_io:node_cpu_allocatable_utilization{{{matcher}}}",))
