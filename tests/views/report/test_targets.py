"""What the page tells of its stacks side by side."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.checks.gate import gate_plan
from mlplatform.plan.cost import estimate
from mlplatform.plan.model import Plan, Step
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.report.stack import ReportStack
from mlplatform.views.report.targets import NOT_SET, stacks_side_by_side

SPEC = PlatformSpec.model_validate(
    {
        "name": "acme",
        "owner": "ml",
        "cost_center": "1",
        "targets": [
            {"cloud": "aws", "name": "home", "account_id": "123456789012", "region": "eu-central-1"},
            {
                "cloud": "aws",
                "name": "us",
                "account_id": "123456789012",
                "region": "us-east-1",
                "pools": {"gpu": {"enabled": False}},
                "endpoints": {"scorer": {"replicas": [2, 4]}},
            },
        ],
        "training": {"pools": [{"name": "gpu", "accelerator": "T4:1", "max_nodes": 4}]},
        "registry": {"models": ["fraud"]},
        "endpoints": [{"name": "scorer", "server": "triton", "model": "fraud", "replicas": [1, 4]}],
    }
)
BUCKET = "aws:s3/bucket:Bucket"


def stack(target: str, *, spec: PlatformSpec | None = SPEC, count: int = 1) -> ReportStack:
    steps = tuple(
        Step("create", f"urn:pulumi:dev-{target}::p::{BUCKET}::b{n}", BUCKET, f"b{n}", True, {}) for n in range(count)
    )
    plan = Plan("aws", "p", f"dev-{target}", steps)
    priced = replace(estimate(plan), target=target, region="eu-central-1")
    return ReportStack("x", "AWS", plan, gate_plan(plan), priced, spec=spec.on(target) if spec else None)


def test_one_stack_has_nothing_beside_it() -> None:
    assert stacks_side_by_side([stack("home")]) is None
    assert stacks_side_by_side([stack("home"), stack("us", count=0)]) is None, "a stack that is gone is no neighbour"


def test_each_stack_is_a_column() -> None:
    values = stacks_side_by_side([stack("home", count=3), stack("us")])
    assert values is not None
    assert values.heads == (("dev-home", "eu-central-1"), ("dev-us", "eu-central-1"))
    facts = dict(values.facts)
    assert facts["Resources"] == ("3", "1")
    assert facts["Hold data"] == ("3", "1")
    assert facts["Accelerators at the upper bounds"] == ("unknown", "unknown"), "no spec was planned"
    assert len(values.cost.total[1]) == 2


def test_fields_that_differ_have_a_value_for_each() -> None:
    values = stacks_side_by_side([stack("home"), stack("us"), stack("home")])
    assert values is not None
    fields = dict(values.fields)
    # where a target is, is in the heads; what is the same everywhere is not told
    assert set(fields) == {"endpoints.scorer.replicas[0]", "training.pools.gpu"}
    assert fields["endpoints.scorer.replicas[0]"] == ("1", "2", "1")
    first, second, third = fields["training.pools.gpu"]
    assert second == NOT_SET
    assert "T4:1" in first
    assert third == first


def test_without_a_spec_no_field_is_told() -> None:
    values = stacks_side_by_side([stack("home"), stack("us", spec=None)])
    assert values is not None
    assert values.fields == ()
