"""`mlplatform render rules`: what the clouds keep in forms of their own, as one file of Prometheus."""

from __future__ import annotations

from dataclasses import replace

import promql_parser
import pytest
import yaml

from mlplatform.components import recorded_metrics
from mlplatform.plan.model import UNKNOWN, Plan
from mlplatform.render.rules.file import planned_rules, rule_file

from ..strings.specs import CLOUDS, plan_of

RECORDED = {
    value
    for name, value in vars(recorded_metrics).items()
    if name.isupper() and isinstance(value, str) and value.count(":") == 2
}


@pytest.fixture(params=CLOUDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return plan_of("wide", str(request.param))


def test_every_cloud_records_the_same_metrics(plan: Plan) -> None:
    rules = [rule for group in planned_rules(plan) for rule in group.rules]
    assert {rule["record"] for rule in rules if "record" in rule} == RECORDED


def test_the_file_is_one_of_prometheus(plan: Plan) -> None:
    groups = yaml.safe_load(rule_file(plan))["groups"]
    names = [group["name"] for group in groups]
    assert len(set(names)) == len(names), "Prometheus refuses two groups of a name"
    rules = [rule for group in groups for rule in group["rules"]]
    told = [(rule.get("alert", rule.get("record")), tuple(sorted(rule.get("labels", {}).items()))) for rule in rules]
    assert len(set(told)) == len(told), "promtool takes two rules of a name and labels for one written twice"
    for rule in rules:
        promql_parser.parse(rule["expr"])
        assert set(rule) <= {"alert", "record", "expr", "for", "labels", "annotations"}
        assert ("alert" in rule) != ("record" in rule)
        if "alert" in rule:
            assert rule["labels"]["severity"] in ("critical", "warning")
            assert rule["annotations"]["summary"]


def test_the_same_plan_gives_the_same_bytes(plan: Plan) -> None:
    assert rule_file(plan) == rule_file(plan)


def test_a_rule_that_is_not_known_is_left_out(plan: Plan) -> None:
    """A plan from elsewhere may have anything at any place."""
    hidden = replace(
        plan,
        steps=tuple(
            replace(step, inputs={key: UNKNOWN if key in ("data", "rules", "conditions", "spec") else value
                                  for key, value in step.inputs.items()})
            for step in plan.steps
        ),
    )  # fmt: skip
    assert planned_rules(hidden) == ()
