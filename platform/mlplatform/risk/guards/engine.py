"""Holds a change against a table of guards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange
from mlplatform.plan.finding import LEVELS, Level
from mlplatform.plan.model import UNKNOWN, Step, Value, document_value, is_secret
from mlplatform.plan.sources.fields import items
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.directions import (
    LISTS,
    MISSING,
    Appears,
    Differs,
    Direction,
    Extra,
    Fewer,
    Gone,
    On,
)
from mlplatform.risk.guards.inside import familiar_type
from mlplatform.risk.guards.leaves import Leaf, new_leaves, path_names
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.rule import Hit

_OF_NEW = (On, Appears, Extra)
"""Directions that are about what is new, too: the others compare with a value before."""
_OF_OTHERS = (Differs, Fewer, Extra)
"""Directions that are about what a value refers to."""
_OF_PRESENCE = (Gone, Appears, Differs)
"""Directions that need not know a value."""

_VAGUE = frozenset({"days", "enabled", "enable", "state", "status", "mode", "name", "type", "value", "level"})
"""Names that say nothing without the one before."""


class GuardTable:
    """Rows, found by type and by the last name of a path."""

    def __init__(self, *groups: Iterable[Row]) -> None:
        self.rows: tuple[Row, ...] = tuple(row for group in groups for row in group)
        self._settings: dict[str, dict[str, list[tuple[tuple[str, ...], Setting]]]] = {}
        self._found: dict[tuple[str, tuple[str, ...]], list[Setting]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._patterns = [(row, row.types.split()) for row in self.rows]

    def examine(self, evidence: Evidence) -> Iterator[Hit]:
        """Every setting that becomes weaker, every guard that goes, everything new that opens: each place once."""
        change = evidence.cached(turnover)
        for item in change.altered:
            for hit in self._changed(item.step, item.leaves, item.follows):
                yield replace(hit, path=item.place + hit.path)
        for step in change.new:
            yield from self._created(step)
        yield from self._whole(change.lost, Guard)
        yield from self._whole(change.new, Opening)

    def knows(self, step: Step, change: PropertyChange) -> bool:
        """Whether a row is about an input."""
        return bool(self._rows_at(step, path_names(change.path)))

    def _changed(self, step: Step, leaves: Iterable[Leaf], follows: frozenset[str]) -> Iterator[Hit]:
        reported: set[str] = set()
        for leaf in leaves:
            # a reference that follows what it refers to goes nowhere else
            stays = leaf.path in follows
            if hit := self._leaf(step, leaf, reported, lambda row, stays=stays: not (stays and _is_reference(row))):
                reported.add(leaf.path)
                yield hit

    def _created(self, step: Step) -> Iterator[Hit]:
        if not self._of(familiar_type(step.type)):
            return
        reported: set[str] = set()
        for leaf in new_leaves(step.inputs):
            if hit := self._leaf(step, leaf, reported, only=lambda row: row.on_create):
                reported.add(leaf.path)
                yield hit

    def _leaf(
        self, step: Step, leaf: Leaf, reported: set[str], only: Callable[[Setting], bool] = lambda _: True
    ) -> Hit | None:
        """The worst row that a value is weaker by; none where a block around it is reported."""
        if any(leaf.path.startswith((f"{path}.", f"{path}[")) or leaf.path == path for path in reported):
            return None
        hits = [
            hit
            for row in self._rows_at(step, leaf.names)
            if only(row) and (row.where is None or row.where(step)) and (hit := _judged(row, step, leaf))
        ]
        return min(hits, key=lambda hit: LEVELS.index(hit.level), default=None)

    def _rows_at(self, step: Step, names: tuple[str, ...]) -> list[Setting]:
        if not names:
            return []
        place = (familiar_type(step.type), names)
        if place not in self._found:
            table = self._of(place[0])
            found = [row for wanted, row in (*table.get(names[-1], ()), *table.get("*", ())) if _ends(names, wanted)]
            # a row about the type itself knows better than one about many types
            self._found[place] = [row for row in found if "*" not in row.types] or found
        return self._found[place]

    def _of(self, token: str) -> dict[str, list[tuple[tuple[str, ...], Setting]]]:
        """The rows of a type by the last name of their path."""
        if token not in self._settings:
            table: dict[str, list[tuple[tuple[str, ...], Setting]]] = defaultdict(list)
            for row in self._about(token):
                if isinstance(row, Setting):
                    for path in row.path.lower().split():
                        wanted = tuple((f"/.{path[1:]}" if path[0] == "/" else path).split("."))
                        last = wanted[-1]
                        table["*" if "*" in last else last].append((wanted, row))
            self._settings[token] = dict(table)
        return self._settings[token]

    def _whole(self, steps: Iterable[Step], kind: type[Guard] | type[Opening]) -> Iterator[Hit]:
        for step in steps:
            rows = self._about(familiar_type(step.type))
            row = next((r for r in rows if isinstance(r, kind) and (r.where is None or r.where(step))), None)
            if row:
                yield Hit(row.level, step.urn, f"{row.reason}.", fix=row.fix, link=row.source)

    def _about(self, token: str) -> list[Row]:
        """The rows about a type."""
        if token not in self._rows:
            self._rows[token] = [row for row, patterns in self._patterns if _is_one_of(token, patterns)]
        return self._rows[token]


def is_of(token: str, types: str) -> bool:
    """Whether a type is one of some patterns."""
    return _is_one_of(token, types.split())


def _is_one_of(token: str, patterns: Sequence[str]) -> bool:
    return any(token == pattern or ("*" in pattern and fnmatchcase(token, pattern)) for pattern in patterns)


def _ends(names: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if wanted[0] == "/":
        return len(names) == len(wanted) - 1 and _ends(names, wanted[1:])
    if len(names) < len(wanted):
        return False
    tail = names[len(names) - len(wanted) :]
    return all(
        name == want or ("*" in want and fnmatchcase(name, want)) for name, want in zip(tail, wanted, strict=True)
    )


def _judged(row: Setting, step: Step, leaf: Leaf) -> Hit | None:
    direction = row.weaker
    if isinstance(direction, LISTS) != leaf.is_list or (leaf.is_new and not isinstance(direction, _OF_NEW)):
        return None
    if (_is_opaque(leaf.before) or _is_opaque(leaf.after)) and not isinstance(direction, (*_OF_PRESENCE, *LISTS)):
        if not _may_be_weaker(direction, leaf):
            return None
        level: Level = "medium" if LEVELS.index(row.level) < LEVELS.index("medium") else row.level
        reason = f"{row.reason}, unless the new value, which is known only after the `up`, prevents it."
        return Hit(level, step.urn, reason, leaf.path, fix=row.fix, link=row.source)
    if not direction.weaker(leaf.before, leaf.after):
        return None
    return Hit(row.level, step.urn, f"{row.reason}{_values(leaf)}.", leaf.path, fix=row.fix, link=row.source)


def _is_reference(row: Setting) -> bool:
    return isinstance(row.weaker, _OF_OTHERS)


def _may_be_weaker(direction: Direction, leaf: Leaf) -> bool:
    """Whether a value that nobody knows yet follows one that could be stronger."""
    return leaf.after == UNKNOWN and not _is_opaque(leaf.before) and direction.weaker(leaf.before, MISSING)


def _is_opaque(value: Value) -> bool:
    return value == UNKNOWN or value == "[secret]" or is_secret(value)


def _values(leaf: Leaf) -> str:
    """What it was and will be, where both are short and no secret."""
    if leaf.is_list:
        words = [str(item) for item in items(leaf.before or leaf.after) if not isinstance(item, dict | list)]
        return f": {shown(', '.join(words))}" if words and not any(_is_opaque(word) for word in words) else ""
    was, now = leaf.before, leaf.after
    if _is_opaque(was) or _is_opaque(now) or any(isinstance(value, dict | list) for value in (was, now)):
        return ""
    name = shown(".".join(leaf.path.split(".")[-2 if leaf.names[-1] in _VAGUE else -1 :]))
    if was is MISSING:
        return f": {name} is {shown(document_value(now))}"
    after = "removed" if now is MISSING else shown(document_value(now))
    return f": {name} changes from {shown(document_value(was))} to {after}"
