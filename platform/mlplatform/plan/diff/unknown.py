"""Values that only the cloud knows: what can be said of them depends on who wrote the two plans.

Two offline plans are made the same way: one that knows a value and one that does not differ. A state and an offline
plan are not: there a value differs only where it comes from another resource than before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.plan.model import UNKNOWN, Plan, Step, Value

MIN_MARK = 6
"""Characters below which an output of a resource is too common to be recognised in another's input."""


@dataclass(frozen=True, slots=True)
class PropertyKnowledge:
    """What is known of one property on both sides."""

    rewired: bool
    """Whether it comes from other resources than before."""

    alike: bool
    """Whether both plans were made the same way."""

    marks: frozenset[str] = frozenset()
    """Values that an offline plan made up for what the resources it comes from will be called."""

    derived: bool = False
    """Whether it comes from other resources at all."""

    def either(self, old: Value, new: Value) -> bool:
        """Whether one of the values stands for what only the cloud knows."""
        return self._stands(old) or self._stands(new)

    def differ(self, old: Value, new: Value) -> bool:
        """Whether such values differ."""
        return self.rewired or (self.alike and self._stands(old) != self._stands(new))

    def made_up(self, old: str, new: str) -> bool:
        """Whether one of two texts holds what an offline plan made up."""
        return any(mark in text for text in (old, new) for mark in self.marks)

    def _stands(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        # what comes from an output that the mocked provider does not give is empty until it is resolved
        blank = not value and self.derived and not self.alike
        return value == UNKNOWN or blank


class KnownValues:
    """What two plans tell of such values."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._alike = (before.origin, before.resolved) == (after.origin, after.resolved)
        made_up = [plan for plan in (before, after) if plan.resolved and not self._alike]
        self._steps = {step.urn: step for plan in made_up for step in plan.steps}
        self._marks: dict[str, frozenset[str]] = {}

    def of(self, was: tuple[str, ...], now: tuple[str, ...]) -> PropertyKnowledge:
        """What is known of a property.

        Args:
            was: URNs it came from, in the words of the later plan.
            now: URNs it comes from.
        """
        marks = frozenset[str]().union(*(self._of(urn) for urn in {*was, *now})) if self._steps else frozenset[str]()
        # an unknown value can lose what it depends on, so that an empty list says nothing
        rewired = was != now if self._alike else bool(was and now and was != now)
        return PropertyKnowledge(rewired, self._alike, marks, derived=bool(was or now))

    def _of(self, urn: str) -> frozenset[str]:
        if urn not in self._marks:
            step = self._steps.get(urn)
            self._marks[urn] = frozenset(_own(step)) if step else frozenset()
        return self._marks[urn]


def _own(step: Step) -> Iterator[str]:
    """What a resource answers beyond what it was asked for."""
    given = set(all_texts(step.inputs))
    for value in (step.id, *all_texts(step.outputs)):
        if len(value) >= MIN_MARK and value not in given:
            yield value


def all_texts(value: Value) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Value]", value).values():
            yield from all_texts(item)
    elif isinstance(value, list):
        for item in cast("list[Value]", value):
            yield from all_texts(item)
