"""An endpoint, and its services in a plan."""

from __future__ import annotations

from typing import Any

from mlplatform import EndpointSpec, VariantSpec

from ...planned import Planned

SPLIT = (
    VariantSpec(name="stable", model="fraud/7", traffic_percent=90),
    VariantSpec(name="canary", model="fraud/8", traffic_percent=10),
)


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def template(plan: Planned, name: str = "endpoint-fraud-service") -> dict[str, Any]:
    found: Any = plan.one(name).inputs["template"]
    return found


def server(plan: Planned, name: str = "endpoint-fraud-service") -> dict[str, Any]:
    return template(plan, name)["containers"][0]
