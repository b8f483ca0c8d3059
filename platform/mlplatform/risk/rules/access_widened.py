"""Somebody may do more than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rights import Right, rights
from mlplatform.risk.rule import Hit, RiskRule

_SHOWN = 4


def _examine(evidence: Evidence) -> Iterator[Hit]:
    before = {right for old, _ in evidence.pairs() if old for right in rights(old)}
    for _, step in evidence.pairs():
        if step is None:
            continue
        gained = sorted(rights(step) - before, key=lambda right: (right.action, right.principal, right.scope))
        if gained:
            yield from _hits(step, gained, evidence)


def _hits(step: Step, gained: list[Right], evidence: Evidence) -> Iterator[Hit]:
    world = [right for right in gained if right.everybody]
    admin = [right for right in gained if right.admin and not right.everybody]
    rest = [right for right in gained if not right.admin and not right.everybody]
    if world:
        yield Hit("critical", step.urn, f"Everybody may now {_actions(world)}.")
    if admin:
        yield Hit(
            _level("high", admin, evidence),
            step.urn,
            f"{_who(admin, evidence)} may now do everything: {_actions(admin)}.",
        )
    if rest:
        yield Hit(_level("medium", rest, evidence), step.urn, f"{_who(rest, evidence)} may now {_actions(rest)}.")


def _level(level: Level, gained: Iterable[Right], evidence: Evidence) -> Level:
    """Rights that a new identity brings along are expected; what an existing one gains is not."""
    return "low" if all(_is_new(right.principal, evidence) for right in gained) else level


def _is_new(principal: str, evidence: Evidence) -> bool:
    return principal in evidence.created or any(
        principal in (step.id, step.outputs.get("principalId"), step.outputs.get("member"), step.outputs.get("arn"))
        for urn, step in evidence.after.items()
        if urn in evidence.created and principal
    )


def _who(gained: list[Right], evidence: Evidence) -> str:
    names = sorted({_name(right.principal, evidence) for right in gained})
    return names[0] if len(names) == 1 else f"{len(names)} principals"


def _name(principal: str, evidence: Evidence) -> str:
    if principal in evidence.after:
        return shown(evidence.after[principal].name)
    for step in evidence.after.values():
        if principal and principal in (step.outputs.get("principalId"), step.outputs.get("member")):
            return shown(step.name)
    return shown(principal)


def _actions(gained: list[Right]) -> str:
    names = sorted(
        {right.action.rpartition("/")[2] if right.action.startswith("/") else right.action for right in gained}
    )
    text = ", ".join(shown(name) for name in names[:_SHOWN])
    return f"{text} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else text


RULE = RiskRule(
    id="access-widened",
    topic="access",
    title="Nobody may do more than before",
    fix="Grant the smallest role on the smallest scope; ask who needs it and for how long.",
    examine=_examine,
)
