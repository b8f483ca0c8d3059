"""Autoscaling of endpoint variants with Application Auto Scaling."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import appautoscaling

from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_NAMESPACE = "sagemaker"
_Tracking = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
_Predefined = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
_Customized = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs
_Dimension = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs
_SCALE_OUT_SECONDS = 60


def autoscale_variant(
    scope: Scope,
    spec: EndpointSpec,
    variant: str,
    endpoint_name: str,
    after: Sequence[pulumi.Resource],
    gpus: int,
    vcpus: float,
) -> None:
    """Scale one variant between the endpoint's bounds, once the endpoint is in service."""
    low, high = spec.replicas
    target = appautoscaling.Target(
        scope.child(f"scaling-{variant}"),
        service_namespace=_NAMESPACE,
        resource_id=f"endpoint/{endpoint_name}/variant/{variant}",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        min_capacity=low,
        max_capacity=high,
        tags=scope.tags,
        opts=scope.opts(depends_on=after),
    )
    appautoscaling.Policy(
        scope.child(f"scaling-{variant}-policy"),
        name=f"{endpoint_name}-{variant}-{spec.autoscaling.metric}",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=_tracking(spec, variant, endpoint_name, gpus, vcpus),
        opts=scope.opts(),
    )


def _tracking(spec: EndpointSpec, variant: str, endpoint_name: str, gpus: int, vcpus: float) -> _Tracking:
    autoscaling = spec.autoscaling
    predefined: _Predefined | None = None
    customized: _Customized | None = None
    target = float(autoscaling.target)
    match autoscaling.metric:
        case "requests":
            predefined = _Predefined(predefined_metric_type="SageMakerVariantInvocationsPerInstance")
        case "concurrency":
            predefined = _Predefined(predefined_metric_type="SageMakerVariantConcurrentRequestsPerModelHighResolution")
        case "cpu" | "gpu":
            # the metric is the sum over cores or GPUs
            target *= vcpus if autoscaling.metric == "cpu" else gpus
            customized = _Customized(
                namespace="/aws/sagemaker/Endpoints",
                metric_name="CPUUtilization" if autoscaling.metric == "cpu" else "GPUUtilization",
                statistic="Average",
                dimensions=[
                    _Dimension(name="EndpointName", value=endpoint_name),
                    _Dimension(name="VariantName", value=variant),
                ],
            )
    return _Tracking(
        target_value=target,
        scale_in_cooldown=autoscaling.cooldown_seconds,
        scale_out_cooldown=_SCALE_OUT_SECONDS,
        predefined_metric_specification=predefined,
        customized_metric_specification=customized,
    )
