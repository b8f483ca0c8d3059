"""The stacks of a report side by side: what differs between regions, clouds or environments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.plan.cost.comparison import compare_targets
from mlplatform.plan.spec_diff import RECORD, compare_specs
from mlplatform.plan.stateful import holds_data
from mlplatform.views.cost.comparison import ComparisonTable, Row, comparison_table
from mlplatform.views.values import format_value

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.views.report.stack import ReportStack

MAX_FIELDS = 40
"""Fields of the spec that are listed; the rest is counted."""
NOT_SET = "not set"
_OWN = ("targets", RECORD)
"""What every target has for itself: where it is, and what is released there."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Values of the template; each row has a cell for each stack."""

    heads: tuple[tuple[str, str], ...]
    """Name and region of each stack."""

    facts: tuple[Row, ...]
    """What each has."""

    cost: ComparisonTable
    """What each costs, and the prices that differ."""

    fields: tuple[Row, ...]
    """Fields of the spec that differ."""

    more: int
    """Fields beyond those listed."""

    unset: str = NOT_SET
    """The cell of a stack that lacks the field."""


def stacks_side_by_side(stacks: Sequence[ReportStack]) -> SideBySide | None:
    """Compare the stacks of a page; None where fewer than two have resources."""
    shown = [stack for stack in stacks if stack.plan.resources()]
    comparison = compare_targets([stack.estimate for stack in shown])
    if comparison is None:
        return None
    fields = _fields([stack.spec for stack in shown])
    return SideBySide(
        tuple((stack.name, region) for stack, region in zip(shown, comparison.regions, strict=True)),
        tuple(_facts(shown)),
        comparison_table(comparison),
        tuple(fields[:MAX_FIELDS]),
        max(0, len(fields) - MAX_FIELDS),
    )


def _facts(stacks: Sequence[ReportStack]) -> list[Row]:
    """What a reader of several cards would write down."""
    resources = [stack.plan.resources() for stack in stacks]
    return [
        ("Resources", tuple(f"{len(each):,}" for each in resources)),
        ("Hold data", tuple(f"{sum(holds_data(step) for step in each):,}" for each in resources)),
        ("Findings of the checks", tuple(f"{len(stack.checked.judged.findings):,}" for stack in stacks)),
        ("Accelerators at the upper bounds", tuple(_accelerators(stack) for stack in stacks)),
    ]


def _accelerators(stack: ReportStack) -> str:
    if stack.summary is None:
        return "unknown"
    return ", ".join(f"{each.devices} {each.name}" for each in stack.summary.accelerators) or "none"


def _fields(specs: Sequence[PlatformSpec | None]) -> list[Row]:
    """Fields whose value is not the same everywhere, with the value of each; none where a stack has no spec."""
    if None in specs:
        return []
    first, *others = specs
    changes = [{field.change.path: field.change for field in compare_specs(first, other)} for other in others]
    paths = sorted({path for each in changes for path in each if path.split(".")[0] not in _OWN})
    rows: list[Row] = []
    for path in paths:
        before = next(each[path].before for each in changes if path in each)
        values = (before, *(each[path].after if path in each else before for each in changes))
        rows.append((path, tuple(NOT_SET if value is None else format_value(value) for value in values)))
    return rows
