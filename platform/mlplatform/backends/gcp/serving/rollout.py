"""The move of traffic to a new revision, and back.

- all-at-once: Cloud Run moves all traffic once the new revision is ready.
- blue-green: the same, then a workflow watches the new revision and can move traffic back to the old one.
- canary: the new revision starts without traffic, and the workflow gives it a growing share. From then on the workflow
  owns the traffic and Pulumi ignores it. The provider sends the whole service with every update, including traffic from
  its state, so a canary needs a fresh state: `pulumi up --refresh`. The workflow removes revisions older than the last
  two, so that a stale state fails instead of bringing an old model back.
  https://github.com/hashicorp/terraform-provider-google/issues/25464
"""

from __future__ import annotations

import json

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.components.labels import ROLLOUT_ANNOTATION
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout, CanaryRollout

_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"


def is_watched(endpoint: EndpointSpec) -> bool:
    """Whether the workflow watches the endpoint's rollouts."""
    return not isinstance(endpoint.rollout, AllAtOnce)


def rollout_annotation(endpoint: EndpointSpec, alerts: AlertsSpec) -> dict[str, str]:
    """Annotation that the workflow reads: the endpoint's steps, and the thresholds of its alarms."""
    match endpoint.rollout:
        case AllAtOnce():
            return {}
        case BlueGreenRollout(bake_minutes=minutes):
            steps: tuple[int, ...] = ()
            requests = 0
        case CanaryRollout(steps=steps, bake_minutes=minutes, least_requests=requests):
            pass
    policy = {
        "steps": list(steps),
        "bake_minutes": minutes,
        "error_rate_percent": alerts.error_rate_percent,
        "latency_p99_ms": alerts.latency_p99_ms,
        # a service without this wish keeps its annotation
        **({"least_requests": requests} if requests else {}),
    }
    return {ROLLOUT_ANNOTATION: json.dumps(policy, sort_keys=True)}


def initial_traffic(endpoint: EndpointSpec, revision: pulumi.Input[str]) -> list[cloudrunv2.ServiceTrafficArgs]:
    """Traffic as declared: to the newest revision, or to the first one until the workflow moves it."""
    if isinstance(endpoint.rollout, CanaryRollout):
        return [cloudrunv2.ServiceTrafficArgs(type=_REVISION, revision=revision, percent=100)]
    return [cloudrunv2.ServiceTrafficArgs(type=_LATEST, percent=100)]


def ignored_properties(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Properties that only the workflow changes after creation."""
    return ("traffics",) if isinstance(endpoint.rollout, CanaryRollout) else ()
