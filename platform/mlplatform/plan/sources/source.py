"""The contents of a plan document: the plan, the present resources, and the decisions of Pulumi's engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlplatform.plan.model import Plan

SourceKind = Literal["plan", "preview", "state"]
"""`plan`: the resources a program would create; `preview`: those and the present ones; `state`: the present ones."""


class NotAPlan(ValueError):
    """An unknown or damaged document; the text has got, expected and fix."""

    def __init__(self, got: str, expected: str, fix: str) -> None:
        self.got, self.expected, self.fix = got, expected, fix
        super().__init__(f"got {got}; expected {expected}; {fix}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision of Pulumi's engine for one resource: it asked the provider, so it overrides the tables."""

    op: str
    """Its operation, for example `update`, `replace`, `same`; unknown ones of a newer engine are kept."""

    replace_reasons: tuple[str, ...] = ()
    """Inputs that cause a replacement."""

    diff_reasons: tuple[str, ...] = ()
    """Inputs that differ."""

    detailed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Kind of difference (`update`, `add-replace`, …) by property path in the engine's format."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document."""

    kind: SourceKind
    """Kind of the document."""

    plan: Plan
    """The plan; for a state, the present resources."""

    before: Plan | None = None
    """The present resources of a preview; None for other documents."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    """Decisions of the engine by URN, for a preview."""

    unlisted: int = 0
    """Number of unchanged resources and components that a preview counts without listing them."""
