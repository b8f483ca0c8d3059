"""The diff of two plans as plain data: risks, cost, comments and reports read it and compute no diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlplatform.plan.model import Plan, Step, Value

ChangeKind = Literal["create", "delete", "update", "replace", "move"]
"""`move`: the same resource under another URN, by an alias; nothing happens in the cloud."""
PropertyKind = Literal["add", "remove", "update"]
PropertyPath = tuple[str | int, ...]
"""Keys and list positions, in wire names: `("scalingConfig", "maxSize")`."""
OPTIONS = "opts"
"""First part of the path of a Pulumi option: `opts.protect`."""


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One changed input or option of a resource."""

    path: PropertyPath
    """Path of the input; options begin with `opts`."""

    kind: PropertyKind
    """Added, removed or updated."""

    before: Value = None
    """Former value; secrets stay wrapped, and None where it is added."""

    after: Value = None
    """New value; secrets stay wrapped, `plan.model.UNKNOWN` where only the cloud knows it, None where it is removed."""

    replaces: str = ""
    """Reason why this change replaces the resource; empty where it is updated in place."""

    @property
    def is_option(self) -> bool:
        """Whether it is a Pulumi option and not an input for the cloud."""
        return self.path[0] == OPTIONS

    @property
    def text(self) -> str:
        """The path for people: `scalingConfig.maxSize`, `rules[0].port`."""
        return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path).lstrip(".")


def in_order(changes: Iterable[PropertyChange]) -> tuple[PropertyChange, ...]:
    """Changes by path: positions of a list as numbers, names by the alphabet."""

    def key(change: PropertyChange) -> list[tuple[int, int, str]]:
        return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in change.path]

    return tuple(sorted(changes, key=key))


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that differs between the plans."""

    kind: ChangeKind
    """Kind of the change."""

    before: Step | None
    """As it was; None where it is created."""

    after: Step | None
    """As it will be; None where it is deleted."""

    properties: tuple[PropertyChange, ...] = ()
    """Changed inputs and options, by path; empty where it is created or deleted."""

    capability: str = ""
    """Title of the capability it belongs to (`plan.capability`)."""

    deleted_first: bool = False
    """Whether the old one is deleted before the new one exists; only of a replacement."""

    component: str = ""
    """Logical name of the outermost component below the platform; empty where it belongs to none."""

    @property
    def step(self) -> Step:
        """As it will be, or as it was where it is deleted."""
        step = self.after or self.before
        assert step is not None
        return step


@dataclass(frozen=True, slots=True)
class FieldEffect:
    """What one changed field does to one resource by itself."""

    kind: ChangeKind
    """Kind of the change."""

    paths: frozenset[str]
    """Changed inputs and options, as `PropertyChange.text`."""


@dataclass(frozen=True, slots=True)
class SpecChange:
    """One changed field of the spec."""

    path: str
    """Field path with names for list items, for example `endpoints.fraud-scorer.replicas`."""

    before: object
    """Former value in JSON; None where it is added."""

    after: object
    """New value in JSON; None where it is removed."""

    urns: tuple[str, ...] = ()
    """URNs of resources that change because of it, sorted."""

    effects: Mapping[str, FieldEffect] = field(default_factory=dict[str, FieldEffect])
    """What it does to each of them, by URN, where the field was planned alone; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The diff of two plans of one target."""

    before: Plan
    """The present one."""

    after: Plan
    """The one after the change."""

    changes: tuple[ResourceChange, ...]
    """Changed resources: deletions and replacements first, then by URN."""

    spec_changes: tuple[SpecChange, ...] = ()
    """Changed fields, where both sides have a spec."""

    @property
    def cloud(self) -> str:
        """The target's cloud."""
        return self.after.cloud

    @property
    def target(self) -> str:
        """The target's name."""
        return self.after.target

    @property
    def unchanged(self) -> int:
        """Number of unchanged resources."""
        touched = {change.after.urn for change in self.changes if change.after}
        return sum(step.urn not in touched for step in self.after.resources())
