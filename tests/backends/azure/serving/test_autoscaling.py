"""Replicas follow their load."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform import AutoscalingSpec

from ....planned import Planned
from .serving import endpoint


def test_replicas_follow_their_own_share_of_the_endpoints_connections(full: Planned) -> None:
    def grow(variant: str) -> dict[str, Any]:
        profile: Any = full.one(f"endpoint-scorer-scale-{variant}").inputs["profiles"]
        assert profile[0]["capacity"] == {"minimum": "2", "maximum": "20", "default": "2"}
        return profile[0]["rules"][0]["metricTrigger"]

    assert grow("canary")["metricName"] == "ConnectionsActive"
    assert grow("canary")["threshold"] == pytest.approx(80)
    assert grow("stable")["threshold"] == pytest.approx(8 / 0.9)
    assert grow("shadow")["threshold"] == pytest.approx(32)
    assert full.one("endpoint-scorer-scale-stable").inputs["enabled"] is True


@pytest.mark.parametrize(
    ("metric", "name", "changes"),
    [
        ("requests", "RequestsPerMinute", {}),
        ("cpu", "CpuUtilizationPercentage", {}),
        ("gpu", "GpuUtilizationPercentage", {"accelerator": "T4:1"}),
    ],
)
def test_other_metrics_scale_on_the_deployment(metric: str, name: str, changes: dict[str, object]) -> None:
    scaling = AutoscalingSpec(metric=metric, target=60, cooldown_seconds=130)  # type: ignore[arg-type]
    planned = endpoint(model="fraud/7", autoscaling=scaling, **changes)
    profiles: Any = planned.one("endpoint-scorer-scale-main").inputs["profiles"]
    grow, shrink = profiles[0]["rules"]
    assert grow["metricTrigger"]["metricName"] == name
    assert grow["metricTrigger"]["threshold"] == 60
    assert shrink["metricTrigger"]["threshold"] < 60
    assert shrink["scaleAction"]["cooldown"] == "PT3M"


def test_fixed_replicas_are_not_scaled() -> None:
    assert not endpoint(model="fraud/7", replicas=(3, 3)).all("AutoscaleSetting")
