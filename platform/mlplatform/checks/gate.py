"""Findings of one plan after the acceptances: what a gate decides on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mlplatform import discovery
from mlplatform.checks.engine import CheckReport, check_plan
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.acceptance import Acceptance, Judged, apply_acceptances
from mlplatform.plan.finding import Level, at_least
from mlplatform.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Checked:
    """One plan, held to the rules and to what is accepted."""

    report: CheckReport
    """What the rules say."""

    judged: Judged
    """What counts after the acceptances."""

    title: str
    """The cloud, for people."""

    place: str = ""
    """The file it comes from, as a document names it."""

    def stops(self, threshold: Level) -> bool:
        """Whether a gate at this level must stop: a finding as bad, or an acceptance that has expired."""
        return bool(self.judged.expired) or any(at_least(one.level, threshold) for one in self.judged.findings)


def gate_plan(
    plan: Plan,
    acceptances: Sequence[Acceptance] = (),
    *,
    rules: Iterable[CheckRule] | None = None,
    others: Iterable[str] = (),
    place: str = "",
    now: Callable[[], date] | None = None,
) -> Checked:
    """Hold a plan to the rules and to what is accepted.

    Args:
        plan: as in `mlplatform.checks.engine.check`.
        acceptances: the acceptance file's entries.
        rules: as in `check`.
        others: ids of rules of other gates, whose acceptances are left alone. What names a rule that is neither
            is told as unused.
        place: the file the plan comes from.
        now: gives today's date. Omitted: this day.
    """
    report = check_plan(plan, rules)
    known = {rule.id for rule in report.rules}
    strangers = {entry.rule for entry in acceptances} - set(others)
    judged = apply_acceptances(report.findings, acceptances, stack=plan.stack, rules=known | strangers, now=now)
    return Checked(report, judged, _title(plan.cloud), place)


def _title(cloud: str) -> str:
    return discovery.backend(cloud).title if cloud in discovery.clouds() else cloud or "plan"
