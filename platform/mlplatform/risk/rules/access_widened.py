"""Somebody gains permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rights import Right, rights_of
from mlplatform.risk.role_names import role_name
from mlplatform.risk.rule import Hit, RiskRule

_SHOWN = 4


def _examine(evidence: Evidence) -> Iterator[Hit]:
    before = {right for old, _ in evidence.pairs() if old for right in rights_of(old)}
    for _, step in evidence.pairs():
        if step is None:
            continue
        gained = sorted(rights_of(step) - before, key=lambda right: (right.action, right.principal, right.scope))
        if gained:
            yield from _hits(step, gained, evidence)


def _hits(step: Step, gained: list[Right], evidence: Evidence) -> Iterator[Hit]:
    world = [right for right in gained if right.everybody]
    admin = [right for right in gained if right.admin and not right.everybody]
    rest = [right for right in gained if not right.admin and not right.everybody]
    if world:
        yield Hit("critical", step.urn, f"Everybody gains {_actions(world, evidence)}.")
    if admin:
        yield Hit(
            _level("high", admin, evidence),
            step.urn,
            f"{_who(admin, evidence)} gains full access: {_actions(admin, evidence)}{_scope(admin, evidence)}.",
        )
    if rest:
        reason = f"{_who(rest, evidence)} gains {_actions(rest, evidence)}{_scope(rest, evidence)}."
        yield Hit(_level("medium", rest, evidence), step.urn, reason)


def _level(level: Level, gained: Iterable[Right], evidence: Evidence) -> Level:
    """Permissions of a new identity, or on a new resource, are expected; others are not."""
    expected = all(right.scope in evidence.created or _is_new(right.principal, evidence) for right in gained)
    return "low" if expected else level


def _is_new(principal: str, evidence: Evidence) -> bool:
    if principal in evidence.created:
        return True
    identity = evidence.identities.get(principal)
    return identity is not None and identity.urn in evidence.created


def _who(gained: list[Right], evidence: Evidence) -> str:
    names = sorted({_name(right.principal, evidence) for right in gained})
    return names[0] if len(names) == 1 else f"{len(names)} principals"


def _name(principal: str, evidence: Evidence) -> str:
    step = evidence.after.get(principal) or evidence.identities.get(principal)
    return shown(step.name if step else principal)


def _actions(gained: list[Right], evidence: Evidence) -> str:
    names = sorted({role_name(right.action, evidence.roles) for right in gained})
    text = ", ".join(shown(name) for name in names[:_SHOWN])
    return f"{text} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else text


def _scope(gained: list[Right], evidence: Evidence) -> str:
    """The resource, where it is a single one."""
    scopes = {right.scope for right in gained}
    scope = scopes.pop() if len(scopes) == 1 else ""
    if scope in evidence.after:
        return f" on {shown(evidence.after[scope].name)}"
    name = scope.rstrip("/*").rpartition("/")[2].rpartition(":::")[2]
    return f" on {shown(name)}" if name else ""


RULE = RiskRule(
    id="access-widened",
    topic="access",
    title="Nobody gains permissions",
    fix="Grant the smallest role on the smallest scope; ask who needs it and for how long.",
    examine=_examine,
    covers=frozenset({"iam-action-wildcard", "iam-broad-roles", "iam-resource-wildcard", "public-principals"}),
)
