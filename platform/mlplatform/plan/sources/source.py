"""What a plan document comes to: the plan, what is there already, and what Pulumi's engine decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlplatform.plan.model import Plan

SourceKind = Literal["plan", "preview", "state"]
"""`plan`: what a program would make; `preview`: that beside what is there; `state`: what is there."""


class NotAPlan(ValueError):
    """A document that is none of the known ones, or a damaged one; the text says got, expected and fix."""

    def __init__(self, got: str, expected: str, fix: str) -> None:
        self.got, self.expected, self.fix = got, expected, fix
        super().__init__(f"got {got}; expected {expected}; {fix}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Pulumi's engine decided for one resource: it asked the provider, so it counts for more than tables."""

    op: str
    """Its word for the step, for example `update`, `replace`, `same`; a word of a later engine stays as it is."""

    replace_reasons: tuple[str, ...] = ()
    """Inputs that make a new resource."""

    diff_reasons: tuple[str, ...] = ()
    """Inputs that differ."""

    detailed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Kind of difference (`update`, `add-replace`, …) by property path as the engine writes it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document."""

    kind: SourceKind
    """What it is."""

    plan: Plan
    """What there would be; what there is, of a state."""

    before: Plan | None = None
    """What there is, of a preview only; None where the document does not say."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    """What the engine decided, by URN; only of a preview."""

    unlisted: int = 0
    """Resources and components that stay the same and that a preview counts without listing them."""
