"""Causes and their findings in words that the comment and the terminal share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from mlplatform.decision.causes import Cause, PlacedFinding, is_of_stack
from mlplatform.plan.change import SpecChange
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.views.values import differing_parts, format_value

MOST_FIELDS = 3
"""Fields named in the title of one cause."""

Quote = Callable[[str], str]
"""Shows an untrusted value: as a code span, or as it is."""


@dataclass(frozen=True, slots=True)
class SameFinding:
    """One finding of several resources: the same level, rule and reason."""

    finding: Finding
    """The first of them."""

    names: dict[str, tuple[str, ...]]
    """Logical names of the resources by stack; without names where it is about the whole stack."""

    @property
    def count(self) -> int:
        """Number of resources, or of stacks."""
        return sum(max(1, len(names)) for names in self.names.values())


def same_findings(placed: Iterable[PlacedFinding], levels: Sequence[Level] = LEVELS) -> list[SameFinding]:
    """Equal findings as one, worst first, those of one rule together."""
    groups: dict[tuple[Level, str, str], list[PlacedFinding]] = {}
    for one in placed:
        if one.finding.level in levels:
            groups.setdefault((one.finding.level, one.finding.rule, one.finding.reason), []).append(one)
    ordered = sorted(groups, key=lambda key: (LEVELS.index(key[0]), key[1]))
    return [SameFinding(groups[key][0].finding, _names(groups[key])) for key in ordered]


def _names(placed: Iterable[PlacedFinding]) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for one in placed:
        known = names.setdefault(one.review.stack, [])
        if not is_of_stack(one.finding) and one.finding.name not in known:
            known.append(one.finding.name)
    return {stack: tuple(listed) for stack, listed in names.items()}


def cause_title(cause: Cause, quote: Quote, several: str) -> str:
    """The changed fields: `artifact_store.replicated`: `true` → `false`.

    Args:
        cause: the cause.
        quote: shows a path or value.
        several: the title where no single field is known.
    """
    if not cause.fields:
        return several
    if cause.renamed:
        return f"{quote(cause.fields[0].path)}: renamed to {quote(cause.renamed)}"
    shown = [f"{quote(field.path)}: {describe_change(field, quote)}" for field in cause.fields[:MOST_FIELDS]]
    more = f", and {len(cause.fields) - MOST_FIELDS} more" if len(cause.fields) > MOST_FIELDS else ""
    return f"{', and '.join(shown)}{more}"


def describe_change(field: SpecChange, quote: Quote) -> str:
    """How a field changes: `true` → `false`, added `3`, removed."""
    for word, value, other in (("added", field.after, field.before), ("removed", field.before, field.after)):
        if other is None:
            # a whole item is known by its path
            return word if isinstance(value, dict) else f"{word} {quote(format_value(value))}"
    before, after = field.before, field.after
    if type(before) is list and type(after) is list and "(order)" not in field.path:
        return _list_change(cast("list[object]", before), cast("list[object]", after), quote)
    return " → ".join(quote(value) for value in differing_parts(field.before, field.after))


def _list_change(before: list[object], after: list[object], quote: Quote) -> str:
    """What a list gains and loses; where it gains and loses nothing, its order changes."""
    sides = (
        ("added", [item for item in after if item not in before]),
        ("removed", [item for item in before if item not in after]),
    )
    parts = [f"{word} {', '.join(quote(format_value(item)) for item in items)}" for word, items in sides if items]
    return ", ".join(parts) or "another order"


def describe_touched(cause: Cause, quote: Quote) -> str:
    """How many resources it changes, by stack: `changes up to 68 resources in prod-aws, 15 in prod-gcp`."""
    if not cause.resources:
        return "changes no resource"
    bound = "" if all(touched.exact for touched in cause.touched) else "up to "
    parts = [f"{touched.count} in {quote(touched.review.stack)}" for touched in cause.touched]
    noun = "resource" if cause.touched[0].count == 1 else "resources"
    first, *rest = parts
    return f"changes {bound}{first.replace(' in ', f' {noun} in ', 1)}{''.join(f', {part}' for part in rest)}"
