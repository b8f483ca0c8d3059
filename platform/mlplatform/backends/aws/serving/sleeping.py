"""Endpoints that sleep: an inference component whose copies, and with them the instances, scale to zero,
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import appautoscaling, cloudcontrol, cloudwatch, sagemaker

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.naming import silent_alarm_name
from mlplatform.backends.aws.serving.component_host import component_name
from mlplatform.backends.aws.serving.rollout import component_deployment
from mlplatform.backends.aws.serving.variants import (
    DOWNLOAD_SECONDS,
    container_start_seconds,
    make_model,
    replica_machine,
)
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_Tracking = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
_Predefined = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
_DIMENSION = "sagemaker:inference-component:DesiredCopyCount"
_SHARE_OF_MEMORY = 0.7
"""Share of a machine's memory that one copy may request: the host keeps the rest."""


def make_component(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    endpoint: sagemaker.Endpoint,
    alarms: Sequence[cloudwatch.MetricAlarm],
    after: Sequence[pulumi.Resource],
) -> None:
    """Place the model on the endpoint, scale its copies, and wake it when a request finds none."""
    host = replica_machine(scope, spec, needs)
    resources: dict[str, object] = {"MinMemoryRequiredInMb": int(host.memory_gib * 1024 * _SHARE_OF_MEMORY)}
    if needs.choice:
        resources["NumberOfAcceleratorDevicesRequired"] = needs.choice.accelerator.count
    else:
        resources["NumberOfCpuCoresRequired"] = max(1, int(host.vcpus) - 1)
    name = component_name(scope.spec, spec)
    first = spec.all_variants()[0]
    served = make_model(scope, spec, needs, first.name, first.model, first.image)
    component = cloudcontrol.Resource(
        scope.child("component"),
        type_name="AWS::SageMaker::InferenceComponent",
        desired_state=to_json(
            {
                "InferenceComponentName": name,
                "EndpointName": endpoint.name,
                "VariantName": "main",
                "Specification": {
                    "ModelName": served.resource.name,
                    "ComputeResourceRequirements": resources,
                    "StartupParameters": {
                        "ContainerStartupHealthCheckTimeoutInSeconds": container_start_seconds(spec),
                        "ModelDataDownloadTimeoutInSeconds": DOWNLOAD_SECONDS,
                    },
                },
                "RuntimeConfig": {"CopyCount": 1},
                "DeploymentConfig": component_deployment(spec, alarms),
                "Tags": [{"Key": key, "Value": value} for key, value in sorted(scope.lasting_tags.items())],
            }
        ),
        opts=scope.opts(
            depends_on=[endpoint, *after],
            delete_before_replace=True,
            timeouts={"create": "90m", "update": "540m", "delete": "60m"},
        ),
    )
    target = appautoscaling.Target(
        scope.child("scaling"),
        service_namespace="sagemaker",
        resource_id=f"inference-component/{name}",
        scalable_dimension=_DIMENSION,
        min_capacity=spec.replicas[0],
        max_capacity=spec.replicas[1],
        tags=scope.tags,
        opts=scope.opts(depends_on=[component]),
    )
    _autoscale(scope, spec, name, target)
    _wake(scope, spec, name, target)


def _autoscale(scope: Scope, spec: EndpointSpec, name: str, target: appautoscaling.Target) -> None:
    metric = (
        "SageMakerInferenceComponentInvocationsPerCopy"
        if spec.autoscaling.metric == "requests"
        else "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
    )
    appautoscaling.Policy(
        scope.child("scaling-policy"),
        name=f"{name}-{spec.autoscaling.metric}",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=_Tracking(
            target_value=float(spec.autoscaling.target),
            scale_in_cooldown=spec.autoscaling.cooldown_seconds,
            scale_out_cooldown=60,
            predefined_metric_specification=_Predefined(predefined_metric_type=metric),
        ),
        opts=scope.opts(),
    )


def _wake(scope: Scope, spec: EndpointSpec, name: str, target: appautoscaling.Target) -> None:
    policy = appautoscaling.Policy(
        scope.child("wake-policy"),
        name=f"{name}-wake",
        policy_type="StepScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        step_scaling_policy_configuration=appautoscaling.PolicyStepScalingPolicyConfigurationArgs(
            adjustment_type="ChangeInCapacity",
            metric_aggregation_type="Maximum",
            cooldown=60,
            step_adjustments=[
                appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                    metric_interval_lower_bound="0", scaling_adjustment=1
                )
            ],
        ),
        opts=scope.opts(),
    )
    cloudwatch.MetricAlarm(
        scope.child("alarm-wake"),
        name=silent_alarm_name(scope.spec, f"endpoint-{spec.name}-wake"),
        alarm_description=f"A request found {spec.name} asleep: a copy is started",
        namespace="AWS/SageMaker",
        metric_name="NoCapacityInvocationFailures",
        dimensions={"InferenceComponentName": name},
        statistic="Maximum",
        period=60,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="missing",
        alarm_actions=[policy.arn],
        tags=scope.tags,
        opts=scope.opts(),
    )
    scope.note(
        f"endpoints[{spec.name}].replicas",
        f"at zero replicas the endpoint costs nothing; requests must name the component {name}, and fail for some "
        "minutes while it starts",
    )
    scope.note(
        f"endpoints[{spec.name}].rollout",
        "a new model replaces the old one in batches of copies, each watched by the alarms",
    )
