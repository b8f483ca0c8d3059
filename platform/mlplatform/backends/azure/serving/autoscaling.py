"""Autoscaling of a managed endpoint's variants.

During a rollout the old deployment keeps its replicas: only the new one is scaled.
"""

from __future__ import annotations

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.serving.variants import ReleasedVariant
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.replicas import AutoscalingSpec

_LOW_SHARE = 0.7
"""Replicas are removed when the rest would carry less than this share of the target."""


def autoscale_variant(
    scope: Scope, spec: EndpointSpec, release: ReleasedVariant, endpoint_id: pulumi.Output[str]
) -> None:
    """Scale a release between the endpoint's bounds; a shadow scales with the copies that it receives."""
    low, high = spec.replicas
    if low == high:
        return
    share = spec.shadow.sample_percent if spec.shadow and not release.weight else release.weight
    rules = _rules(spec.autoscaling, share or 100, release.id, endpoint_id)
    monitor.AutoscaleSetting(
        scope.child(f"scale-{release.variant}"),
        autoscale_setting_name=physical_name(scope.spec, "setting", f"{spec.name}-{release.deployment}"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        enabled=True,
        target_resource_uri=release.id,
        target_resource_location=scope.target(AzureTarget).location,
        profiles=[
            monitor.AutoscaleProfileArgs(
                name="load",
                capacity=monitor.ScaleCapacityArgs(minimum=str(low), maximum=str(high), default=str(low)),
                rules=rules,
            )
        ],
        tags=scope.tags,
        opts=scope.opts(),
    )


def _rules(
    spec: AutoscalingSpec, share: int, deployment: pulumi.Output[str], endpoint: pulumi.Output[str]
) -> list[monitor.ScaleRuleArgs]:
    match spec.metric:
        case "requests":
            metric, source, threshold, divide = "RequestsPerMinute", deployment, float(spec.target), True
        case "concurrency":
            # Azure counts connections of the whole endpoint: a variant has its share of them
            metric, source, divide = "ConnectionsActive", endpoint, True
            threshold = spec.target * 100 / share
        case "cpu":
            metric, source, threshold, divide = "CpuUtilizationPercentage", deployment, float(spec.target), False
        case "gpu":
            metric, source, threshold, divide = "GpuUtilizationPercentage", deployment, float(spec.target), False

    def rule(direction: monitor.ScaleDirection) -> monitor.ScaleRuleArgs:
        grows = direction == monitor.ScaleDirection.INCREASE
        return monitor.ScaleRuleArgs(
            metric_trigger=monitor.MetricTriggerArgs(
                metric_name=metric,
                metric_resource_uri=source,
                operator=monitor.ComparisonOperationType.GREATER_THAN
                if grows
                else monitor.ComparisonOperationType.LESS_THAN,
                statistic=monitor.MetricStatisticType.AVERAGE,
                time_aggregation=monitor.TimeAggregationType.AVERAGE,
                threshold=threshold if grows else round(threshold * _LOW_SHARE, 2),
                time_grain="PT1M",
                time_window="PT5M",
                divide_per_instance=divide,
            ),
            scale_action=monitor.ScaleActionArgs(
                direction=direction,
                type=monitor.ScaleType.CHANGE_COUNT,
                value="1",
                cooldown="PT1M" if grows else f"PT{max(1, -(-spec.cooldown_seconds // 60))}M",
            ),
        )

    return [rule(monitor.ScaleDirection.INCREASE), rule(monitor.ScaleDirection.DECREASE)]
