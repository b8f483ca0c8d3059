"""How a new revision takes over, and what takes it back.

- all-at-once: Cloud Run moves all traffic once the new revision is ready.
- blue-green: the same, then a workflow watches it while the old revision can still take over.
- canary: the new revision starts without traffic, and the workflow gives it a growing share. From then on traffic is
  the workflow's; Pulumi leaves it alone. The provider sends the whole service with every update, traffic from its
  state included, so a canary's state must be fresh: `pulumi up --refresh`. The workflow removes revisions older than
  the last two, so that a stale state fails instead of bringing an old model back.
  https://github.com/hashicorp/terraform-provider-google/issues/25464
"""

from __future__ import annotations

import json

from pulumi_gcp import cloudrunv2

from mlplatform.components.labels import ROLLOUT_ANNOTATION
from mlplatform.spec.endpoints import AllAtOnce, BlueGreenRollout, CanaryRollout, EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec

_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"


def is_watched(endpoint: EndpointSpec) -> bool:
    """Whether the workflow has a part in the endpoint's rollouts."""
    return not isinstance(endpoint.rollout, AllAtOnce)


def policy_annotation(endpoint: EndpointSpec, alerts: AlertsSpec) -> dict[str, str]:
    """What tells the workflow how to roll out: the endpoint's own steps, and the thresholds of its alarms."""
    match endpoint.rollout:
        case AllAtOnce():
            return {}
        case BlueGreenRollout(bake_minutes=minutes):
            steps: tuple[int, ...] = ()
        case CanaryRollout(steps=steps, bake_minutes=minutes):
            pass
    policy = {
        "steps": list(steps),
        "bake_minutes": minutes,
        "error_rate_percent": alerts.error_rate_percent,
        "latency_p99_ms": alerts.latency_p99_ms,
    }
    return {ROLLOUT_ANNOTATION: json.dumps(policy, sort_keys=True)}


def traffics(endpoint: EndpointSpec, revision: str) -> list[cloudrunv2.ServiceTrafficArgs]:
    """Who gets the traffic: the newest revision, or the first one until the workflow moves on."""
    if isinstance(endpoint.rollout, CanaryRollout):
        return [cloudrunv2.ServiceTrafficArgs(type=_REVISION, revision=revision, percent=100)]
    return [cloudrunv2.ServiceTrafficArgs(type=_LATEST, percent=100)]


def ignored(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Properties that are the workflow's after creation."""
    return ("traffics",) if isinstance(endpoint.rollout, CanaryRollout) else ()
