"""Values that only the cloud knows: what can be compared depends on the origins of the two plans.

Two offline plans have the same origin: a known and an unknown value differ. A state and an offline
plan have not: there a value differs only where it comes from another resource than before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.plan.model import UNKNOWN, Plan, Step, Value

MIN_MARK = 6
"""Minimum length of an output that can be recognised in another resource's input."""


@dataclass(frozen=True, slots=True)
class PropertyKnowledge:
    """Knowledge about one property on both sides."""

    rewired: bool
    """Whether it depends on other resources than before."""

    alike: bool
    """Whether both plans have the same origin."""

    marks: frozenset[str] = frozenset()
    """Values that an offline plan invented for outputs of the resources it depends on."""

    derived: bool = False
    """Whether it depends on other resources at all."""

    renewed: bool = False
    """Whether one of these resources is made anew, so that an unknown value is another one."""

    @property
    def elsewhere(self) -> bool:
        """Whether an unknown value comes from another resource than before."""
        return self.rewired or self.renewed

    def either(self, old: Value, new: Value) -> bool:
        """Whether one of the values is known only to the cloud."""
        return self._stands(old) or self._stands(new)

    def differ(self, old: Value, new: Value) -> bool:
        """Whether two such values differ."""
        return self.elsewhere or (self.alike and self._stands(old) != self._stands(new))

    def made_up(self, old: str, new: str) -> bool:
        """Whether one of two texts contains an invented value."""
        return any(mark in text for text in (old, new) for mark in self.marks)

    def _stands(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        # a value from an output that the mocks do not provide is empty until it is resolved
        blank = not value and self.derived and not self.alike
        return value == UNKNOWN or blank


class KnownValues:
    """Knowledge of two plans about values that only the cloud knows."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._alike = (before.origin, before.resolved) == (after.origin, after.resolved)
        made_up = [plan for plan in (before, after) if plan.resolved and not self._alike]
        self._steps = {step.urn: step for plan in made_up for step in plan.steps}
        self._marks: dict[str, frozenset[str]] = {}

    def about(self, was: tuple[str, ...], now: tuple[str, ...], *, renewed: bool = False) -> PropertyKnowledge:
        """Knowledge about one property.

        Args:
            was: URNs it depended on, as URNs of the later plan.
            now: URNs it depends on.
            renewed: whether one of those is made anew.
        """
        marks = frozenset[str]().union(*(self._of(urn) for urn in {*was, *now})) if self._steps else frozenset[str]()
        # an unknown value can lose its dependencies, so that an empty list means nothing
        rewired = was != now if self._alike else bool(was and now and was != now)
        return PropertyKnowledge(rewired, self._alike, marks, derived=bool(was or now), renewed=renewed)

    def _of(self, urn: str) -> frozenset[str]:
        if urn not in self._marks:
            step = self._steps.get(urn)
            self._marks[urn] = frozenset(_own(step)) if step else frozenset()
        return self._marks[urn]


def _own(step: Step) -> Iterator[str]:
    """Outputs of a resource that are not among its inputs."""
    inputs = set(all_texts(step.inputs))
    for value in (step.id, *all_texts(step.outputs)):
        if len(value) >= MIN_MARK and value not in inputs:
            yield value


def all_texts(value: Value) -> list[str]:
    """All texts in a nested value, in its order."""
    found: list[str] = []
    _add_texts(value, found)
    return found


def _add_texts(value: Value, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Value]", value).values():
            _add_texts(item, found)
    elif isinstance(value, list):
        for item in cast("list[Value]", value):
            _add_texts(item, found)
