"""Applies every risk rule to a change and classifies every changed resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.plan.unjudged import COULD_NOT_JUDGE
from mlplatform.risk.catalogue import all_rules
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.judging import judge
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.unknown_values import unknown_hits


@dataclass(frozen=True, slots=True)
class ClassifiedChange:
    """One changed resource with its worst finding."""

    change: ResourceChange
    """The change."""

    level: Level
    """`info` where no rule has a finding."""

    reason: str
    """The reason of the worst finding, or what happens to the resource."""


@dataclass(frozen=True, slots=True)
class RiskReport:
    """The risks of one change."""

    evidence: Evidence
    """The change and its context."""

    findings: tuple[Finding, ...]
    """Worst first."""

    classified: tuple[ClassifiedChange, ...]
    """Every changed resource, worst first."""

    @property
    def worst(self) -> Level | None:
        """The worst level; None without findings."""
        return self.findings[0].level if self.findings else None


_HARMLESS = {
    "create": "created",
    "delete": "deleted; it holds no data",
    "update": "updated in place",
    "replace": "replaced; it holds no data and serves no traffic",
    "move": "renamed in the stack only",
}


def assess(evidence: Evidence, rules: Iterable[RiskRule] | None = None) -> RiskReport:
    """Assess the risks of a change.

    Args:
        evidence: the change.
        rules: rules to apply. Omitted: the built-in ones and those of installed packages.
    """
    applied = tuple(all_rules() if rules is None else rules)
    hits = [(rule, hit) for rule in applied for hit in judge(rule, evidence)]
    hits += [(applied[0], hit) for hit in unknown_hits(evidence, applied)]
    hits = _without_repeated_doubts(hits)
    covered = _covered_checks(hits)
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
                "" if hit.check else hit.headline or rule.headline,
            )
            for rule, hit in hits
            if not hit.check or LEVELS.index(hit.level) < covered.get((hit.check, hit.urn), len(LEVELS))
        },
        # a set has no order: findings that are equal otherwise are sorted by their reason
        key=lambda finding: (*finding.order, finding.reason),
    )
    worst: dict[str, Finding] = {}
    for finding in findings:
        worst.setdefault(finding.urn, finding)
    classified = [
        _classified(change, worst.get(change.step.urn)) for change in evidence.diff.changes if change.step.custom
    ]
    classified.sort(key=lambda item: (LEVELS.index(item.level), item.change.step.urn))
    return RiskReport(evidence, tuple(findings), tuple(classified))


def _without_repeated_doubts(hits: Sequence[tuple[RiskRule, Hit]]) -> list[tuple[RiskRule, Hit]]:
    """Hits without those that only say that a value is unknown where another is about the same value."""
    told = {(hit.urn, hit.path) for _, hit in hits if hit.check != COULD_NOT_JUDGE}
    return [
        (rule, hit)
        for rule, hit in hits
        if hit.check != COULD_NOT_JUDGE or not hit.path or (hit.urn, hit.path) not in told
    ]


def _covered_checks(hits: Iterable[tuple[RiskRule, Hit]]) -> dict[tuple[str, str], int]:
    """Checks that a risk rule reports in their place, by id and URN, with the worst level of its hits."""
    covered: dict[tuple[str, str], int] = {}
    for rule, hit in hits:
        for check in rule.covers:
            level = LEVELS.index(hit.level)
            covered[check, hit.urn] = min(level, covered.get((check, hit.urn), level))
    return covered


def _classified(change: ResourceChange, finding: Finding | None) -> ClassifiedChange:
    if finding is None:
        return ClassifiedChange(change, "info", _HARMLESS[change.kind])
    return ClassifiedChange(change, finding.level, finding.reason)
