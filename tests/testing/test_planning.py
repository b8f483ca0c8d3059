"""The fixture `plan_platform`, and the look-ups of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform import AwsTarget, GcpTarget, PlatformSpec
from mlplatform.plan.model import Plan, Step
from mlplatform.testing.plugin import PlanPlatform

AWS = AwsTarget(account_id="123456789012", region="us-east-1")
GCP = GcpTarget(project="acme-ml-dev", project_number="123456789012", region="us-central1")
SPEC = PlatformSpec(name="acme", environment="dev", owner="ml", cost_center="1", targets=(AWS,))


def _plan() -> Plan:
    def step(type_: str, name: str) -> Step:
        return Step(op="create", urn=f"urn:{name}", type=type_, name=name, custom=True, inputs={})

    buckets = (step("aws:s3/bucket:Bucket", "data"), step("aws:s3/bucket:Bucket", "models"))
    return Plan(cloud="aws", project="p", stack="s", steps=(*buckets, step("aws:kms/key:Key", "key")))


def test_steps_are_found_by_type_and_name() -> None:
    plan = _plan()
    assert [step.name for step in plan.of_type("Bucket")] == ["data", "models"]
    assert plan.of_type("aws:s3/bucket:Bucket") == plan.of_type("Bucket")
    assert plan.of_type("ucket") == ()
    assert plan.one("Key").name == "key"
    assert plan.named("models").type == "aws:s3/bucket:Bucket"


def test_a_failed_look_up_names_what_exists() -> None:
    with pytest.raises(LookupError, match=r"2 steps are of type 'Bucket', expected one; there are: data .*, models"):
        _plan().one("Bucket")
    with pytest.raises(LookupError, match=r"0 steps are named 'model', expected one; nearest: models"):
        _plan().named("model")


def test_equal_plans_are_made_once(plan_platform: PlanPlatform) -> None:
    plan = plan_platform(SPEC)
    assert plan_platform(SPEC.overlay()) is plan
    assert plan_platform(SPEC, "aws") is plan
    assert len(plan.of_type("aws:s3/bucket:Bucket")) >= 5


def test_a_refused_spec_raises_its_problems(plan_platform: PlanPlatform, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"several targets \(aws, gcp\): name one of them as the target"):
        plan_platform(SPEC.overlay(targets=(AWS, GCP)))
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: acme\nowner: ml\n", encoding="utf-8")
    with pytest.raises(ValueError, match="cost_center") as refused:
        plan_platform(broken)
    assert "targets" in str(refused.value), "everything at once"
