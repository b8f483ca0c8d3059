"""The example's endpoint with a monitor that asks the example's pipeline, on each cloud."""

from __future__ import annotations

from typing import cast

from mlplatform import PlatformSpec

from .fraud import Data, pipeline, platform

MONITOR: Data = {
    "task": "classification",
    "inputs": [{"name": "amount"}, {"name": "country", "kind": "category"}],
    "slices": ["country"],
    "reference": "fraud/reference",
    "labels": {"path": "labels/fraud", "days": 7},
    "every_hours": 12,
    "retrain": ["fraud-retrain"],
}
ENDPOINT: Data = {"name": "fraud-scorer", "model": "fraud", "capture_percent": 10}


def monitored(cloud: str, monitor: Data | None = None, endpoint: Data | None = None, **more: object) -> PlatformSpec:
    """The platform, with changes of the monitor, of the endpoint, and of the rest."""
    served = {**ENDPOINT, **(endpoint or {}), "monitor": {**MONITOR, **(monitor or {})}}
    asked = cast("Data", {**pipeline(cloud), "triggers": {"events": ["drift", "quality"]}})
    return platform(cloud, pipelines=(asked,), endpoints=[served], registry={"models": ["fraud"]}, **more)
