"""Plans of endpoints, made once per process."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlplatform import CanaryRollout, ShadowSpec, SloSpec, VariantSpec

from ....planned import Planned
from .serving import endpoint

FULL: Mapping[str, object] = {
    "server": "triton",
    "capture_percent": 10,
    "replicas": (2, 20),
    "env": {"GREETING": "[hello]"},
    "secrets": {"TOKEN": "hub-token"},
    "variants": (
        VariantSpec(name="stable", model="fraud/7", traffic_percent=90),
        VariantSpec(name="canary", model="fraud/8", traffic_percent=10),
    ),
    "shadow": ShadowSpec(model="fraud/9", sample_percent=25),
    "rollout": CanaryRollout(steps=(10, 50), bake_minutes=15),
    "slo": SloSpec(availability_percent=99.9, latency_ms=200),
}


@pytest.fixture(scope="session")
def full() -> Planned:
    """An endpoint with everything."""
    return endpoint(**FULL)


@pytest.fixture(scope="session")
def waiting() -> Planned:
    """An endpoint without a model."""
    return endpoint()
