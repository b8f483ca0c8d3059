"""Durations and batches of a rollout, for validation and for the program. Imports no SDK."""

from __future__ import annotations

import math

from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce, CanaryRollout, Rollout

LIMIT_SECONDS = 28_800
"""Longest rollout of an inference component that SageMaker waits for,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentRollingUpdatePolicy.html"""
START_SECONDS = 3600
"""Longest start of machines and containers of a component."""
PATIENCE_SECONDS = 3600
"""The provider waits this long for an endpoint's update, whatever timeouts a program sets; afterwards the run fails
while the rollout goes on, https://github.com/hashicorp/terraform-provider-aws/pull/39090"""
LEAST_START_SECONDS = 1200
"""Part of that time which is left for machines and containers to start, where the spec states no longer start."""
MACHINE_START_SECONDS = 600
"""Part of that time which a machine takes to start before its container does."""
MOST_STARTUP_SECONDS = PATIENCE_SECONDS - MACHINE_START_SECONDS
"""Longest stated start of a container of an endpoint that is always on: the provider waits no longer."""
LEAST_WATCH_MINUTES = 3
"""Shortest watch: SageMaker's metrics come by the minute, and an alarm sees one up to two minutes later."""
LEAST_BATCH, MOST_BATCH = 5, 50
"""Per cent of an inference component's copies that are replaced at a time."""


def wait_seconds(rollout: Rollout) -> int:
    """Seconds for which the alarms are watched at each step: the bake time, and at least as long as an alarm needs."""
    return 0 if isinstance(rollout, AllAtOnce) else max(rollout.bake_minutes, LEAST_WATCH_MINUTES) * 60


def alarm_seconds(rollout: Rollout) -> int:
    """Period of the alarms that roll back: with the delay of the metrics, it fits into the watch of one step."""
    whole = 5
    if isinstance(rollout, AllAtOnce):
        return whole * 60
    return min(whole, wait_seconds(rollout) // 60 - (LEAST_WATCH_MINUTES - 1)) * 60


def batch_percent(rollout: Rollout) -> int:
    """Per cent of an inference component's copies that a rollout replaces at a time."""
    return rollout.steps[0] if isinstance(rollout, CanaryRollout) else MOST_BATCH


def waiting_seconds(spec: EndpointSpec) -> int:
    """Seconds of all waits of a rollout together."""
    steps = len(spec.rollout.steps) if isinstance(spec.rollout, CanaryRollout) else 1
    # batches of an inference component, or the steps of the traffic and the wait before the old fleet is deleted
    waits = math.ceil(100 / batch_percent(spec.rollout)) if spec.sleeps else steps + 1
    return waits * wait_seconds(spec.rollout)


def most_waiting_seconds(spec: EndpointSpec) -> int:
    """Seconds that all waits of a rollout may take together."""
    if spec.sleeps:
        return LIMIT_SECONDS - START_SECONDS
    stated = 0 if spec.startup_seconds is None else spec.startup_seconds + MACHINE_START_SECONDS
    return PATIENCE_SECONDS - max(LEAST_START_SECONDS, stated)


def longest_seconds(spec: EndpointSpec) -> int:
    """Seconds after which SageMaker gives up: for an endpoint a minute before the provider does, so that the run sees
    it; for a component the waits, and time for machines to start."""
    if not spec.sleeps:
        return PATIENCE_SECONDS - 60
    return min(LIMIT_SECONDS, waiting_seconds(spec) + START_SECONDS)
