"""What differs between two plans, as plain data: risk, cost, comments and reports read this and compute no diff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.model import Plan, Step, Value

ChangeKind = Literal["create", "delete", "update", "replace", "move"]
"""`move`: the same resource under another URN, covered by an alias; nothing happens in the cloud."""
PropertyKind = Literal["add", "remove", "update"]
OPTIONS = "opts"
"""First part of the path of what changes in how Pulumi handles a resource: `opts.protect`."""


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One input of one resource."""

    path: tuple[str | int, ...]
    """Wire path, for example `("scalingConfig", "maxSize")`; list positions are integers."""

    kind: PropertyKind
    """Added, removed or updated."""

    before: Value = None
    """Former value; secrets stay wrapped, and None where it is added."""

    after: Value = None
    """New value; secrets stay wrapped, `plan.model.UNKNOWN` where only the cloud knows it, None where it is removed."""

    replaces: str = ""
    """Why this change makes a new resource; empty where it is updated in place."""

    @property
    def is_option(self) -> bool:
        """Whether it is an option of Pulumi's and not an input that the cloud gets."""
        return self.path[0] == OPTIONS

    @property
    def text(self) -> str:
        """The path as people write it: `scalingConfig.maxSize`, `rules[0].port`."""
        return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path).lstrip(".")


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that is not the same in both plans."""

    kind: ChangeKind
    """What happens to it."""

    before: Step | None
    """As it was; None where it is created."""

    after: Step | None
    """As it will be; None where it is deleted."""

    properties: tuple[PropertyChange, ...] = ()
    """Inputs and options that differ, by path; empty where it is created or deleted."""

    capability: str = ""
    """Title of the capability it belongs to (`plan.capability`)."""

    component: str = ""
    """Logical name of the outermost component below the platform; empty where it belongs to none."""

    @property
    def step(self) -> Step:
        """As it will be, or as it was where it is deleted."""
        step = self.after or self.before
        assert step is not None
        return step


@dataclass(frozen=True, slots=True)
class SpecChange:
    """One field of the spec that differs."""

    path: str
    """Field path with names for list items, for example `endpoints.fraud-scorer.replicas`."""

    before: object
    """Former value as JSON has it; None where it is added."""

    after: object
    """New value as JSON has it; None where it is removed."""

    urns: tuple[str, ...] = ()
    """Resources that change because of it, sorted."""


@dataclass(frozen=True, slots=True)
class Diff:
    """Two plans of one cloud, compared once."""

    before: Plan
    """What there is."""

    after: Plan
    """What there would be."""

    changes: tuple[ResourceChange, ...]
    """Without resources that stay the same: deletions and replacements first, then by URN."""

    spec_changes: tuple[SpecChange, ...] = ()
    """Fields that differ, where both sides were made from a spec."""

    @property
    def cloud(self) -> str:
        """The target's cloud."""
        return self.after.cloud

    @property
    def unchanged(self) -> int:
        """Resources that stay the same."""
        touched = {change.after.urn for change in self.changes if change.after}
        return sum(step.urn not in touched for step in self.after.resources())
