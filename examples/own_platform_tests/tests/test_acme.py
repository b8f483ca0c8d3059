"""What this team promises about its platform, asserted on the plan: no account, no credentials, no engine."""

from pathlib import Path

import pytest

from mlplatform import PlatformSpec
from mlplatform.plan.model import Plan
from mlplatform.reading.load import load
from mlplatform.testing.plugin import PlanPlatform

SPEC = Path(__file__).parent.parent / "acme.yaml"


@pytest.fixture(scope="module")
def plan(plan_platform: PlanPlatform) -> Plan:
    """The platform as it would be made."""
    return plan_platform(SPEC)


def test_objects_may_go_with_the_platform(plan: Plan) -> None:
    assert all(bucket.inputs["forceDestroy"] for bucket in plan.of_type("aws:s3/bucket:Bucket"))


def test_the_endpoint_scales_as_agreed(plan: Plan) -> None:
    bounds = plan.one("aws:appautoscaling/target:Target").inputs
    assert (bounds["minCapacity"], bounds["maxCapacity"]) == (1, 4)


def test_the_store_is_found_by_its_name(plan: Plan) -> None:
    assert plan.named("acme-store").type == "mlplatform:index:ArtifactStore"


def test_production_keeps_its_objects(plan_platform: PlanPlatform) -> None:
    spec: PlatformSpec | None = load(SPEC).spec
    assert spec is not None
    store = spec.artifact_store.overlay(retention="standard")
    production = plan_platform(spec.overlay(environment="prod", artifact_store=store))
    data = production.named("acme-store-data")
    assert data.protect
    assert not data.inputs["forceDestroy"]
