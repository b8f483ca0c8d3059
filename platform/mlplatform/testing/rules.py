"""Checks and risk rules of your own, tried on single resources and small changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplatform.checks.engine import Status, check_plan
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.diff import diff
from mlplatform.plan.finding import Finding
from mlplatform.plan.model import STACK_TYPE, Plan, Step
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import RiskRule

_STACK = "urn:pulumi:prod-test::project::pulumi:pulumi:Stack::project-prod-test"


def planned_resource(
    token: str, name: str = "it", inputs: Mapping[str, object] | None = None, *, protect: bool = False
) -> Step:
    """A resource of a plan.

    Args:
        token: its type, `aws:s3/bucket:Bucket`.
        name: its logical name.
        inputs: in wire names. Omitted: none.
        protect: whether Pulumi refuses to delete it.
    """
    urn = f"urn:pulumi:prod-test::project::{token}::{name}"
    return Step("create", urn, token, name, True, dict(inputs or {}), parent=_STACK, protect=protect)


def check_status(rule: CheckRule, token: str, inputs: Mapping[str, object], *, others: Sequence[Step] = ()) -> Status:
    """What one check says of one resource: `compliant`, `violated`, `unknown` or `not-applicable`.

    Args:
        rule: the check.
        token: type of the resource.
        inputs: its inputs, in wire names.
        others: resources around it, for a check that looks at siblings.
    """
    step = planned_resource(token, inputs=inputs)
    report = check_plan(_plan((step, *others)), [rule])
    if any(finding.urn == step.urn for finding in report.findings):
        return "violated"
    if any(unknown.urn == step.urn for unknown in report.unknown):
        return "unknown"
    return "compliant" if (rule.id, step.urn) in report.compliant else "not-applicable"


def risk_findings(rule: RiskRule, *, before: Sequence[Step], after: Sequence[Step]) -> tuple[Finding, ...]:
    """What one risk rule says of a change, worst first.

    Args:
        rule: the rule.
        before: the resources before the change.
        after: those after it.
    """
    return assess(Evidence(diff(_plan(before), _plan(after)), checks=()), [rule]).findings


def _plan(steps: Sequence[Step]) -> Plan:
    stack = Step("create", _STACK, STACK_TYPE, "project-prod-test", False, {})
    return Plan("test", "project", "prod-test", (stack, *steps))
