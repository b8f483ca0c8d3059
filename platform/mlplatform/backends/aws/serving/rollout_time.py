"""Durations and batches of a rollout, for validation and for the program. Imports no SDK."""

from __future__ import annotations

import math

from mlplatform.spec.endpoints import AllAtOnce, CanaryRollout, EndpointSpec, Rollout

LIMIT_SECONDS = 28_800
"""Longest rollout SageMaker waits for,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html"""
START_SECONDS = 3600
"""Longest start of machines and containers."""
LEAST_BATCH, MOST_BATCH = 5, 50
"""Per cent of an inference component's copies that are replaced at a time."""


def wait_seconds(rollout: Rollout) -> int:
    """Seconds for which the alarms are watched at each step."""
    return 0 if isinstance(rollout, AllAtOnce) else rollout.bake_minutes * 60


def batch_percent(rollout: Rollout) -> int:
    """Per cent of an inference component's copies that a rollout replaces at a time."""
    return rollout.steps[0] if isinstance(rollout, CanaryRollout) else MOST_BATCH


def waiting_seconds(spec: EndpointSpec) -> int:
    """Seconds of all waits of a rollout together."""
    steps = len(spec.rollout.steps) if isinstance(spec.rollout, CanaryRollout) else 1
    # batches of an inference component, or the steps of the traffic and the wait before the old fleet is deleted
    waits = math.ceil(100 / batch_percent(spec.rollout)) if spec.sleeps else steps + 1
    return waits * wait_seconds(spec.rollout)


def longest_seconds(spec: EndpointSpec) -> int:
    """Seconds after which SageMaker gives up: the waits, and time for machines to start."""
    return min(LIMIT_SECONDS, waiting_seconds(spec) + START_SECONDS)
