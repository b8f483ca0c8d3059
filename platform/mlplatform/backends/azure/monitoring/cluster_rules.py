"""Alert rules of the managed Prometheus: idle and hot GPUs, nodes that fail, pods without a node."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import alertsmanagement

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.monitoring import alarms
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import AzureCluster
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import AlertsSpec, Severity

GPU_MEMORY_PERCENT = "100 * avg by (Hostname) (DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE))"
"""Use of GPU memory by node, per cent; the DCGM exporter runs in the cluster."""


def add_cluster_rules(scope: Scope, spec: AlertsSpec, cluster: AzureCluster, metrics_id: pulumi.Output[str]) -> None:
    """Add one group of rules over the cluster's metrics."""
    idle, hot = spec.gpu_idle_percent, spec.saturation_percent
    rules = [
        _rule(
            scope,
            "GpuIdle",
            "warning",
            f"avg by (Hostname) (DCGM_FI_DEV_GPU_UTIL) < {idle}",
            spec.gpu_idle_minutes,
            f"The GPUs of {{{{ $labels.Hostname }}}} are used less than {idle} %",
        ),
        _rule(
            scope,
            "GpuHot",
            "warning",
            f"avg by (Hostname) (DCGM_FI_DEV_GPU_UTIL) > {hot}",
            30,
            f"The GPUs of {{{{ $labels.Hostname }}}} are used more than {hot} %",
        ),
        _rule(
            scope,
            "GpuMemoryFull",
            "warning",
            f"{GPU_MEMORY_PERCENT} > {hot}",
            15,
            f"The GPU memory of {{{{ $labels.Hostname }}}} is filled above {hot} %",
        ),
        _rule(
            scope,
            "GpuError",
            "critical",
            "max by (Hostname) (DCGM_FI_DEV_XID_ERRORS) > 0",
            5,
            "The driver reports an error of a GPU of {{ $labels.Hostname }}",
        ),
        _rule(
            scope,
            "NodeNotReady",
            "critical",
            'sum by (node) (kube_node_status_condition{condition="Ready",status="true"} == 0) >= 0',
            15,
            "The node {{ $labels.node }} is not ready",
        ),
        _rule(
            scope,
            "PodWithoutNode",
            "warning",
            # uses only metrics that the managed agent collects by default; a pod starts when it has a node
            'sum by (namespace) ((kube_pod_status_phase{phase="Pending"} == 1)'
            " unless on (namespace, pod) kube_pod_start_time) > 0",
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


def _rule(
    scope: Scope, alert: str, severity: Severity, expression: str, minutes: int, summary: str
) -> alertsmanagement.PrometheusRuleArgs:
    return alertsmanagement.PrometheusRuleArgs(
        alert=alert,
        expression=expression,
        for_=f"PT{minutes}M",
        severity=alarms.SEVERITY_LEVELS[severity],
        enabled=True,
        annotations={"summary": summary},
        labels={"capability": scope.capability, "severity": severity},
        resolve_configuration=alertsmanagement.PrometheusRuleResolveConfigurationArgs(
            auto_resolved=True, time_to_resolve="PT10M"
        ),
        actions=[
            alertsmanagement.PrometheusRuleGroupActionArgs(action_group_id=target)
            for target in alarms.action_groups(scope, severity)
        ],
    )
