"""An index of a plan by type and by attachment, built once for all rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TypeVar, cast

from mlplatform.checks.resource import Resource, UnknownInput, plain_type
from mlplatform.plan.model import Step, Value

_GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read", "read-replacement"})
"""Operations after which the program owns no such resource."""
_NAMES = ("id", "arn", "name", "bucket", "selfLink")
"""Outputs and inputs by which other resources refer to a resource."""

T = TypeVar("T")


class Index:
    """The resources and components of a plan."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(step for step in steps if step.op not in _GONE)
        self._by_type: dict[str, list[Step]] = defaultdict(list)
        self._by_urn: dict[str, Step] = {}
        for step in self.steps:
            self._by_type[plain_type(step.type)].append(step)
            self._by_urn[step.urn] = step
        self._made: dict[object, object] = {}
        self._matching: dict[str, list[Resource]] = {}
        self._attached: dict[tuple[str, str], tuple[dict[str, list[Resource]], list[Resource]]] = {}

    @cached_property
    def environment(self) -> str:
        """The most frequent environment tag; empty without any."""
        tags = Counter(str(tag) for step in self.steps if (tag := _tag(step)))
        return tags.most_common(1)[0][0] if tags else ""

    @property
    def types(self) -> tuple[str, ...]:
        """Type tokens in the plan, without API versions."""
        return tuple(self._by_type)

    def of(self, types: str) -> list[Resource]:
        """Resources that match a type token or pattern."""
        if types not in self._matching:
            self._matching[types] = [
                Resource(step, self)
                for token, steps in self._by_type.items()
                if token == types or ("*" in types and fnmatchcase(token, types))
                for step in steps
            ]
        return self._matching[types]

    def once(self, make: Callable[[Index], T]) -> T:
        """The result of a function of the plan, cached because rules need it for every resource."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def at(self, urns: Iterable[str]) -> list[Resource]:
        """The resources of these URNs, as far as they are in the plan."""
        return [Resource(self._by_urn[urn], self) for urn in urns if urn in self._by_urn]

    def attached(self, target: Resource, types: str, prop: str) -> list[Resource]:
        """Resources of a type whose property refers to the target.

        Raises:
            UnknownInput: none does, and for some the property is unknown.
        """
        by_urn, others = self._sorted(types, prop)
        resources = list(by_urn.get(target.step.urn, ()))
        names = _names(target.step)
        unknown = False
        for other in others:
            try:
                value = other.text(prop)
            except UnknownInput:
                unknown = True
                continue
            if any(value == name or value.startswith(f"{name}/") for name in names):
                resources.append(other)
        if unknown and not resources:
            raise UnknownInput(prop)
        return resources

    def _sorted(self, types: str, prop: str) -> tuple[dict[str, list[Resource]], list[Resource]]:
        """Resources by the URN that their property depends on, and those with a plain value."""
        if (types, prop) not in self._attached:
            by_urn: dict[str, list[Resource]] = defaultdict(list)
            others: list[Resource] = []
            for resource in self.of(types):
                urns = resource.from_others(prop)
                for urn in urns:
                    by_urn[urn].append(resource)
                if not urns:
                    others.append(resource)
            self._attached[types, prop] = (by_urn, others)
        return self._attached[types, prop]


def _tag(step: Step) -> object:
    try:
        return Resource(step).tags().get("environment")
    except UnknownInput:
        return None


def _names(step: Step) -> set[str]:
    values: list[Value] = [step.id, *(step.outputs.get(name) for name in _NAMES)]
    values += [step.inputs.get(name) for name in (*_NAMES, "accountName", "vaultName", "resourceName")]
    return {value for value in values if isinstance(value, str) and value}
