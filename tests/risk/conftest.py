"""Small changes built by hand: one stack, a few resources before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlplatform.plan.diff import diff
from mlplatform.plan.finding import Finding
from mlplatform.plan.model import STACK_TYPE, Plan, Step
from mlplatform.risk.engine import RiskReport, assess
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import RiskRule

HEAD = "urn:pulumi:prod-aws::acme::"
STACK = Step("create", f"{HEAD}{STACK_TYPE}::acme-prod-aws", STACK_TYPE, "acme-prod-aws", False, {})


def step(token: str, name: str, inputs: Mapping[str, object] | None = None, **options: object) -> Step:
    """A resource of the stack."""
    made = Step("create", f"{HEAD}{token}::{name}", token, name, True, dict(inputs or {}), parent=STACK.urn)
    return replace(made, **options)  # type: ignore[arg-type]


def evidence(before: Sequence[Step], after: Sequence[Step]) -> Evidence:
    """A change of the stack."""
    plans = [Plan("aws", "acme", "prod-aws", (STACK, *steps)) for steps in (before, after)]
    return Evidence(diff(plans[0], plans[1]), checks=())


def report(before: Sequence[Step], after: Sequence[Step], *rules: RiskRule) -> RiskReport:
    """What some rules, or all, say of a change."""
    return assess(evidence(before, after), rules or None)


def found(before: Sequence[Step], after: Sequence[Step], *rules: RiskRule) -> list[tuple[str, str, str]]:
    """Level, resource and path of what the rules say."""
    findings: tuple[Finding, ...] = report(before, after, *rules).findings
    return [(one.level, one.name, one.path) for one in findings]
