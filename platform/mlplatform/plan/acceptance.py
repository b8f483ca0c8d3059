"""Accepted findings: waived, or downgraded, until an expiry date."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from mlplatform.field_problem import FieldProblem, FieldsRefused
from mlplatform.plan.finding import LEVELS, Finding, Level, at_least
from mlplatform.spec.base import SpecModel

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=80)]


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        shown = value[:40] if isinstance(value, str) else type(value).__name__
        raise FieldsRefused(
            FieldProblem((), "a date as YYYY-MM-DD", "write for example 2027-03-31", got=f"'{shown}'")
        ) from None


_Day = Annotated[date, BeforeValidator(_day)]


def today() -> date:
    """Today's date in UTC, so that a gate decides alike everywhere."""
    return datetime.now(UTC).date()


class Acceptance(SpecModel):
    """One entry of the acceptance file."""

    rule: _RuleId
    """Id of the rule, for example `bucket-versioning`."""

    resource: _Text
    """Logical name of the resource, or a pattern with `*` and `?`; `*` alone is every resource."""

    stack: _Text = "*"
    """Stack that it applies to, or a pattern, for example `dev-*`. Omitted: every stack."""

    reason: _Text
    """Reason for accepting the finding."""

    owner: _Text
    """The responsible person or team."""

    expires: _Day
    """Last day on which it is valid, at most a year ahead, for example 2027-03-31."""

    level: Level | None = None
    """Level that its findings get instead. Omitted: they do not count."""

    def allows(self, other: "Acceptance") -> bool:
        """Whether another entry accepts nothing that this one does not: the same, for as long or shorter."""
        same = (self.rule, self.resource, self.stack) == (other.rule, other.resource, other.stack)
        return same and self.expires >= other.expires and self.level in (None, other.level)

    def covers(self, finding: Finding, stack: str) -> bool:
        """Whether it applies to this finding."""
        return finding.rule == self.rule and fnmatchcase(finding.name, self.resource) and fnmatchcase(stack, self.stack)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding with its acceptance."""

    finding: Finding
    """The finding as the rule reported it."""

    by: Acceptance
    """The acceptance, with owner and reason."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings after the acceptances are applied."""

    findings: tuple[Finding, ...]
    """Findings that count, worst first, with the level of their acceptance where it sets one."""

    accepted: tuple[Accepted, ...]
    """Findings that do not count."""

    expired: tuple[Acceptance, ...]
    """Expired acceptances: they stop the gate until they are renewed or removed."""

    unused: tuple[Acceptance, ...]
    """Acceptances without a finding: they can be removed."""

    own: tuple[Acceptance, ...] = ()
    """Acceptances that the change itself adds or widens: they do not count before they are merged on their own."""

    def stops(self, threshold: Level) -> bool:
        """Whether a gate at this level must stop: by a finding or an expired acceptance."""
        return bool(self.expired) or any(at_least(finding.level, threshold) for finding in self.findings)


def apply_acceptances(
    findings: Iterable[Finding],
    acceptances: Sequence[Acceptance],
    *,
    stack: str,
    rules: Iterable[str],
    trusted: Sequence[Acceptance] | None = None,
    now: Callable[[], date] | None = None,
) -> Judged:
    """Apply acceptances to findings; the first entry that covers a finding decides.

    A change cannot accept its own risks: where the entries of its base are known, a finding is accepted only if they
    accept it too.

    Args:
        findings: findings of rules.
        acceptances: the file's entries; those of other rules or stacks are ignored.
        stack: name of the stack.
        rules: ids of all rules that were applied.
        trusted: the entries of the file before the change. Omitted: all of `acceptances` count.
        now: returns today's date. Omitted: `today`.
    """
    day = (now or today)()
    rule_ids = frozenset(rules)
    relevant = [entry for entry in acceptances if entry.rule in rule_ids and fnmatchcase(stack, entry.stack)]
    valid = [entry for entry in relevant if entry.expires >= day]
    before = None if trusted is None else [entry for entry in trusted if entry.expires >= day]
    counted: list[Finding] = []
    accepted: list[Accepted] = []
    used: set[int] = set()
    for finding in findings:
        entry = next((entry for entry in valid if entry.covers(finding, stack)), None)
        if entry is not None:
            used.add(id(entry))
        by = entry if before is None else next((entry for entry in before if entry.covers(finding, stack)), None)
        if entry is None or by is None:
            counted.append(finding)
        elif levels := [each.level for each in (entry, by) if each.level]:
            counted.append(replace(finding, level=min(levels, key=LEVELS.index)))
        else:
            accepted.append(Accepted(finding, entry))
    return Judged(
        tuple(sorted(counted, key=lambda finding: finding.order)),
        tuple(sorted(accepted, key=lambda item: item.finding.order)),
        tuple(entry for entry in relevant if entry.expires < day),
        tuple(entry for entry in valid if id(entry) not in used),
        tuple(
            entry for entry in relevant if trusted is not None and not any(former.allows(entry) for former in trusted)
        ),
    )
