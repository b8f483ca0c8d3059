"""Applies one rule to a change; where the rule fails, the rest of the change is still judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.documents import UnknownInput
from mlplatform.plan.finding import Finding
from mlplatform.plan.unjudged import COULD_NOT_JUDGE, failed_rule
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

MAX_CULPRITS = 50
"""Resources that are looked for one by one; beyond them the rule has failed on the whole stack."""


def judge(rule: RiskRule, evidence: Evidence) -> list[Hit]:
    """What a rule reports; a resource on which it raises is a hit of its own, and the others are judged without it.

    An `UnknownInput` means that a value is not known yet: a hit of level `medium`, or `low` for a new resource, whose
    policies are seldom known before. Every other exception is a hit of level `high`.
    """
    hits, error = _examined(rule, evidence)
    if error is None:
        return hits
    culprits = list(_culprits(rule, evidence, evidence.diff.changes))
    blamed = {change.step.urn for change, _ in culprits}
    if culprits and len(culprits) <= MAX_CULPRITS:
        rest = [change for change in evidence.diff.changes if change.step.urn not in blamed]
        hits, error = _examined(rule, evidence.narrowed(rest))
        hits += [_hit(rule, change, why) for change, why in culprits]
    if error is not None:
        stack = next((step.urn for step in evidence.diff.after.steps if not step.parent), "")
        hits.append(_from(failed_rule(rule.id, stack, error)))
    return hits


def _examined(rule: RiskRule, evidence: Evidence) -> tuple[list[Hit], Exception | None]:
    """The hits, and what ended the rule early."""
    hits: list[Hit] = []
    try:
        hits.extend(rule.examine(evidence))
    except Exception as error:  # a rule of anybody, on a document of anybody: the gate stays closed
        return hits, error
    return hits, None


def _culprits(
    rule: RiskRule, evidence: Evidence, changes: Sequence[ResourceChange]
) -> Iterator[tuple[ResourceChange, Exception]]:
    """The changes on which the rule fails, found by halves."""
    pending, found = [tuple(changes)], 0
    while pending and found <= MAX_CULPRITS:
        some = pending.pop()
        _, error = _examined(rule, evidence.narrowed(some)) if some else ([], None)
        if error is None:
            continue
        if len(some) == 1:
            found += 1
            yield some[0], error
            continue
        middle = len(some) // 2
        pending += [some[middle:], some[:middle]]


def _hit(rule: RiskRule, change: ResourceChange, error: Exception) -> Hit:
    if not isinstance(error, UnknownInput):
        return _from(failed_rule(rule.id, change.step.urn, error))
    return Hit(
        "low" if change.kind == "create" else "medium",
        change.step.urn,
        f"The rule {rule.id} cannot tell whether this is safe: a value is not known before the change.",
        error.path,
        COULD_NOT_JUDGE,
        "Look at the value in the program, or compare the specs, whose values are known.",
    )


def _from(finding: Finding) -> Hit:
    return Hit(finding.level, finding.urn, finding.reason, check=finding.rule, fix=finding.fix)
