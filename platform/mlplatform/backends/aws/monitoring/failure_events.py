"""Alerts on events of services for which no metric exists."""

from __future__ import annotations

from mlplatform.backends.aws.monitoring.event_alerts import alert_on
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope

_ROLLBACK_STATES = ("ROLLING_BACK", "RollingBack", "UPDATE_ROLLBACK_FAILED", "UpdateRollbackFailed", "FAILED", "Failed")


def report_failed_launches(scope: Scope, *, any_pool: bool) -> None:
    """Alert when a pool cannot grow: no capacity, no quota, no address.

    Args:
        scope: owner of the rule.
        any_pool: whether there is a pool besides the system pool.
    """
    if not any_pool:
        return
    alert_on(
        scope,
        "launch-failures",
        "warning",
        "Nodes of a pool could not be started",
        {
            "source": ["aws.autoscaling"],
            "detail-type": ["EC2 Instance Launch Unsuccessful"],
            # names of node groups start with the platform's; EKS adds its own prefix
            "detail": {"AutoScalingGroupName": [{"prefix": f"eks-{_prefix(scope)}"}]},
        },
    )


def report_rollbacks(scope: Scope) -> None:
    """Alert when an endpoint rolled back to its old models: the deployment itself still reports success,
    https://github.com/hashicorp/terraform-provider-aws/issues/46663"""
    if not scope.spec.managed_endpoints:
        return
    alert_on(
        scope,
        "rollbacks",
        "critical",
        "An endpoint failed, or went back to what it ran before",
        {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Endpoint State Change"],
            "detail": {"EndpointName": [{"prefix": _prefix(scope)}], "EndpointStatus": list(_ROLLBACK_STATES)},
        },
    )


def _prefix(scope: Scope) -> str:
    return f"{platform_name(scope.spec)}-"
