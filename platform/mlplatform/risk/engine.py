"""Looks at a change with every rule and classifies every resource in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.risk.catalogue import all_rules
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule


@dataclass(frozen=True, slots=True)
class ClassifiedChange:
    """One change with the worst that was found in it."""

    change: ResourceChange
    """The change."""

    level: Level
    """`info` where no rule found anything."""

    reason: str
    """The worst finding's, or what happens."""


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What is dangerous in one change."""

    evidence: Evidence
    """What was looked at."""

    findings: tuple[Finding, ...]
    """Worst first."""

    classified: tuple[ClassifiedChange, ...]
    """Every change of a resource, worst first."""

    @property
    def worst(self) -> Level | None:
        """The worst level found; None where nothing was found."""
        return self.findings[0].level if self.findings else None


_HARMLESS = {
    "create": "made new",
    "delete": "deleted; it holds nothing",
    "update": "updated in place",
    "replace": "made anew; it holds nothing and serves nobody",
    "move": "renamed in the stack only",
}


def assess(evidence: Evidence, rules: Iterable[RiskRule] | None = None) -> RiskReport:
    """Look at a change.

    Args:
        evidence: the change.
        rules: which rules. Omitted: the built-in ones and those of installed packages.
    """
    hits = [(rule, hit) for rule in (all_rules() if rules is None else rules) for hit in rule.examine(evidence)]
    told = _told(hits)
    findings = sorted(
        {
            Finding(
                hit.check or rule.id,
                hit.level,
                hit.urn,
                hit.reason,
                hit.fix or rule.fix,
                hit.path,
                hit.link or rule.link,
            )
            for rule, hit in hits
            if not hit.check or LEVELS.index(hit.level) < told.get((hit.check, hit.urn), len(LEVELS))
        },
        # a set has no order of its own: what is equal in all else goes by its words
        key=lambda finding: (*finding.order, finding.reason),
    )
    worst: dict[str, Finding] = {}
    for finding in findings:
        worst.setdefault(finding.urn, finding)
    classified = [
        _classified(change, worst.get(change.step.urn)) for change in evidence.diff.changes if change.step.custom
    ]
    classified.sort(key=lambda one: (LEVELS.index(one.level), one.change.step.urn))
    return RiskReport(evidence, tuple(findings), tuple(classified))


def _told(hits: Iterable[tuple[RiskRule, Hit]]) -> dict[tuple[str, str], int]:
    """Checks whose word a rule has said already, by id and resource, with the worst level it said it at."""
    told: dict[tuple[str, str], int] = {}
    for rule, hit in hits:
        for check in rule.covers:
            level = LEVELS.index(hit.level)
            told[check, hit.urn] = min(level, told.get((check, hit.urn), level))
    return told


def _classified(change: ResourceChange, finding: Finding | None) -> ClassifiedChange:
    if finding is None:
        return ClassifiedChange(change, "info", _HARMLESS[change.kind])
    return ClassifiedChange(change, finding.level, finding.reason)
