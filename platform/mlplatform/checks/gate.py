"""Findings of one plan after acceptances, for the decision of a gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mlplatform.checks.engine import CheckReport, check_plan
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.acceptance import Acceptance, Judged, apply_acceptances
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Plan
from mlplatform.plan.unjudged import COULD_NOT_JUDGE


@dataclass(frozen=True, slots=True)
class Checked:
    """One plan with the results of the rules and of the acceptances."""

    report: CheckReport
    """Results of the rules."""

    judged: Judged
    """Findings after the acceptances."""

    title: str
    """The cloud's name for people."""

    place: str = ""
    """The plan's file, as documents name it."""

    def stops(self, threshold: Level) -> bool:
        """Whether a gate at this level must stop: by a finding or an expired acceptance."""
        return self.judged.stops(threshold)


def gate_plan(
    plan: Plan,
    acceptances: Sequence[Acceptance] = (),
    *,
    rules: Iterable[CheckRule] | None = None,
    others: Iterable[str] = (),
    place: str = "",
    now: Callable[[], date] | None = None,
) -> Checked:
    """Apply the rules and the acceptances to a plan.

    Args:
        plan: as in `mlplatform.checks.engine.check_plan`.
        acceptances: the acceptance file's entries.
        rules: as in `check_plan`.
        others: ids of rules of other gates, whose acceptances are ignored. An acceptance of an unknown rule
            is reported as unused.
        place: the plan's file.
        now: returns today's date. Omitted: this day.
    """
    report = check_plan(plan, rules)
    rule_ids = {COULD_NOT_JUDGE, *(rule.id for rule in report.rules)}
    unknown_ids = {entry.rule for entry in acceptances} - set(others)
    judged = apply_acceptances(report.findings, acceptances, stack=plan.stack, rules=rule_ids | unknown_ids, now=now)
    return Checked(report, judged, plan.title or "plan", place)
