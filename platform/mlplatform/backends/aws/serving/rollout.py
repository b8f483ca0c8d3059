"""Rollout of a new configuration or model, and its automatic rollback."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_aws import cloudwatch, sagemaker

from mlplatform.backends.aws.serving.rollout_time import batch_percent, longest_seconds, wait_seconds
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout, CanaryRollout

_Size = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySizeArgs
_Step = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSizeArgs
_Routing = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs


def initial_replicas(spec: EndpointSpec) -> int:
    """Replicas of a variant when it starts. A canary may be at most half the fleet, so it needs two."""
    least, most = spec.replicas
    return max(least, min(2, most)) if isinstance(spec.rollout, CanaryRollout) else least


def endpoint_deployment(
    spec: EndpointSpec, alarms: Sequence[cloudwatch.MetricAlarm]
) -> sagemaker.EndpointDeploymentConfigArgs:
    """The endpoint's deployment settings. They always have the rollback block: adding or removing it later would
    replace the endpoint."""
    return sagemaker.EndpointDeploymentConfigArgs(
        blue_green_update_policy=sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs(
            traffic_routing_configuration=_routing(spec),
            termination_wait_in_seconds=wait_seconds(spec.rollout),
            maximum_execution_timeout_in_seconds=longest_seconds(spec),
        ),
        auto_rollback_configuration=sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationArgs(
            alarms=[
                sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationAlarmArgs(alarm_name=alarm.name)
                for alarm in alarms
            ]
        ),
    )


def component_deployment(spec: EndpointSpec, alarms: Sequence[cloudwatch.MetricAlarm]) -> dict[str, object]:
    """An inference component's deployment settings: copies are replaced in batches, each one watched,
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentDeploymentConfig.html"""
    return {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": batch_percent(spec.rollout)},
            "WaitIntervalInSeconds": wait_seconds(spec.rollout),
            "MaximumExecutionTimeoutInSeconds": longest_seconds(spec),
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm.name} for alarm in alarms]},
    }


def _routing(spec: EndpointSpec) -> _Routing:
    wait = wait_seconds(spec.rollout)
    match spec.rollout:
        case AllAtOnce() | BlueGreenRollout():
            return _Routing(type="ALL_AT_ONCE", wait_interval_in_seconds=wait)
        case CanaryRollout() if spec.replicas[1] < 2:
            # a share of a single replica is all of it
            return _Routing(type="ALL_AT_ONCE", wait_interval_in_seconds=wait)
        case CanaryRollout(steps=(step,)):
            return _Routing(
                type="CANARY",
                wait_interval_in_seconds=wait,
                canary_size=_Size(type="CAPACITY_PERCENT", value=step),
            )
        case CanaryRollout(steps=steps):
            return _Routing(
                type="LINEAR",
                wait_interval_in_seconds=wait,
                linear_step_size=_Step(type="CAPACITY_PERCENT", value=steps[0]),
            )
