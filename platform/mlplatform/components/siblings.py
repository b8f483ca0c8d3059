"""Several targets of one spec on one cloud: which of them share an account, and what only one of them may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

T = TypeVar("T", bound=Target)


def pairs_of_targets(spec: PlatformSpec, kind: type[T]) -> Iterator[tuple[int, T, T]]:
    """Each pair of targets on one cloud: position of the later one, the later one, the earlier one.

    Args:
        spec: the platform with all of its targets.
        kind: the cloud's type of target.
    """
    for index, later in enumerate(spec.targets):
        for earlier in spec.targets[:index]:
            if isinstance(later, kind) and isinstance(earlier, kind):
                yield index, later, earlier


def only_one(
    backend: Backend, spec: PlatformSpec, kind: type[T], field: str, shares: Callable[[T, T], bool], where: str
) -> Iterator[Problem]:
    """A switch that two targets set although what it changes exists once.

    Args:
        backend: the cloud.
        spec: the platform with all of its targets.
        kind: the cloud's type of target.
        field: the switch.
        shares: whether two targets share what it changes.
        where: words for what it changes: `the account`.
    """
    for index, later, earlier in pairs_of_targets(spec, kind):
        if getattr(later, field) and getattr(earlier, field) and shares(later, earlier):
            yield backend.refuse(
                f"targets[{index}].{field}",
                "True",
                f"one target that sets it for {where}; '{earlier.name}' does already",
                f"omit it in '{later.name}'",
            )
