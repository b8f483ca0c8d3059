"""Alert rules of the managed Prometheus: idle and broken GPUs, nodes that fail, pods without a node."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
from pulumi_azure_native import alertsmanagement

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.monitoring.prometheus_rule import prometheus_rule
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import AzureCluster
from mlplatform.components.queue_alert import TITLE, stalled_queues
from mlplatform.components.recorded_metrics import recorded_groups
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import AlertsSpec

GPU_NODE = "Hostname"
"""Label of the node of a GPU, the exporter's."""

_GPU = 'resource=~"nvidia_com_.*|amd_com_gpu"'
"""GPUs, whole or sliced, as kube-state-metrics names them."""

GPU_HELD_PERCENT = (
    f"100 * (sum by (node) (kube_pod_container_resource_requests{{{_GPU}}}"
    ' * on (namespace, pod, uid) group_left () (kube_pod_status_phase{phase="Running"} == 1))'
    f" or 0 * sum by (node) (kube_node_status_allocatable{{{_GPU}}}))"
    f" / sum by (node) (kube_node_status_allocatable{{{_GPU}}} > 0)"
)
"""Share of each node's GPUs that running pods hold, per cent.

AKS exports what a GPU does only from fully managed GPU pools, a preview (July 2026); a node without pods is paid for
all the same. The rules use what the managed collector keeps by default:
https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration-minimal
"""

_GPU_PROBLEMS = "GPUMissing|IBLinkFlapping|NVLinkStatusInactive|XIDErrors"
"""Conditions of nodes with AKS' own GPU driver, https://learn.microsoft.com/azure/aks/node-problem-detector"""


def add_cluster_rules(scope: Scope, spec: AlertsSpec, cluster: AzureCluster, metrics_id: pulumi.Output[str]) -> None:
    """Add one group of rules over the cluster's metrics."""
    rules = [
        prometheus_rule(
            scope,
            "GpuIdle",
            "warning",
            f"{GPU_HELD_PERCENT} < {spec.gpu_idle_percent}",
            spec.gpu_idle_minutes,
            f"Pods hold less than {spec.gpu_idle_percent} % of the GPUs of {{{{ $labels.node }}}}",
        ),
        *(_layer_rules(scope, spec) if scope.spec.cluster else ()),
        prometheus_rule(
            scope,
            "GpuError",
            "critical",
            f'max by (node) (kube_node_status_condition{{condition=~"{_GPU_PROBLEMS}",status="true"}}) > 0',
            5,
            "AKS reports a problem of a GPU of {{ $labels.node }}, or of its links",
        ),
        prometheus_rule(
            scope,
            "NodeNotReady",
            "critical",
            'sum by (node) (kube_node_status_condition{condition="Ready",status="true"} == 0) >= 0',
            15,
            "The node {{ $labels.node }} is not ready",
        ),
        prometheus_rule(
            scope,
            "PodWithoutNode",
            "warning",
            # a pod has the node's name as soon as it has a node, also while it pulls its image
            'sum by (namespace) ((kube_pod_status_phase{phase="Pending"} == 1)'
            ' and on (namespace, pod) kube_pod_info{node=""}) > 0',
            30,
            "Pods of {{ $labels.namespace }} find no node: the pool could not grow",
        ),
    ]
    alertsmanagement.PrometheusRuleGroup(
        scope.child("cluster-rules"),
        rule_group_name=physical_name(scope.spec, "alert", "cluster"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        description="GPUs and nodes of the training cluster",
        enabled=True,
        interval="PT1M",
        scopes=[metrics_id],
        cluster_name=cluster.cluster_name,
        rules=rules,
        tags=scope.tags,
        opts=scope.opts(),
    )


def add_recorded_metrics(scope: Scope, cluster: AzureCluster, metrics_id: pulumi.Output[str]) -> None:
    """Add the rules that record metrics, where the layer in the cluster exports what they are made of."""
    for name, rules in recorded_groups(scope.spec, GPU_NODE).items() if scope.spec.cluster else ():
        alertsmanagement.PrometheusRuleGroup(
            scope.child(name),
            rule_group_name=physical_name(scope.spec, "alert", name),
            resource_group_name=resource_group(scope).group_name,
            location=scope.target(AzureTarget).location,
            description="Recorded metrics of the training cluster",
            enabled=True,
            interval="PT1M",
            scopes=[metrics_id],
            cluster_name=cluster.cluster_name,
            rules=[
                alertsmanagement.PrometheusRuleArgs(
                    record=each.name, expression=each.query, enabled=True, labels=each.labels
                )
                for each in rules
            ],
            tags=scope.tags,
            opts=scope.opts(),
        )


def _layer_rules(scope: Scope, spec: AlertsSpec) -> Iterator[alertsmanagement.PrometheusRuleArgs]:
    """Rules over what the layer in the cluster exports: the use of GPUs, and the queue."""
    yield prometheus_rule(
        scope,
        "GpuUnused",
        "warning",
        f"avg by ({GPU_NODE}) (DCGM_FI_DEV_GPU_UTIL) < {spec.gpu_idle_percent}",
        spec.gpu_idle_minutes,
        f"The GPUs of {{{{ $labels.Hostname }}}} are below {spec.gpu_idle_percent} %, whoever holds them",
    )
    yield prometheus_rule(
        scope,
        "QueueStalled",
        "warning",
        stalled_queues(),
        spec.queue_stalled_minutes,
        f"{{{{ $labels.cluster_queue }}}}: {TITLE}",
    )
