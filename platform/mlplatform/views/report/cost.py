"""The cost section of a report: amounts, a chart beside its table, accelerators, and resources without a price."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlplatform.plan.capability import TITLES
from mlplatform.plan.cost.amount import Range
from mlplatform.views.cost.amounts import change_cells, dollars, mark_legend, range_cells
from mlplatform.views.graph.svg import xml_text

if TYPE_CHECKING:
    from mlplatform.plan.cost.change import CostChange
    from mlplatform.plan.cost.model import Estimate
    from mlplatform.views.report.stack import ReportStack

MAX_RESOURCES = 15
"""Resources listed one by one; the table of resources has them all."""
_BAR, _ROW, _LABEL, _AMOUNT, _AXIS = 400, 30, 150, 96, 30


def cost_values(stack: ReportStack, prefix: str) -> dict[str, object]:
    """The template's values."""
    from markupsafe import Markup

    estimate = stack.estimate
    order = {title: number for number, title in enumerate(TITLES)}
    rows = sorted(estimate.by_capability.items(), key=lambda item: (-item[1].expected, order.get(item[0], 99), item[0]))
    most_expensive = sorted(estimate.resources, key=lambda resource: (-resource.monthly.expected, resource.urn))[
        :MAX_RESOURCES
    ]
    delta = stack.review.cost if stack.review else None
    titles = estimate.marks_by_capability
    changed: Mapping[str, CostChange] = delta.by_capability if delta else {}
    return {
        "total": range_cells(estimate.total, estimate.marks),
        "incomplete": bool(estimate.undecided),
        "legend": mark_legend(estimate.marks),
        "before": dollars(delta.before.total.expected) if delta and not delta.total.unknown else "",
        "delta": change_cells(delta.total)[1] if delta else "",
        "unknown": delta.total.unknown if delta else (),
        "budget": _budget(estimate, stack.budget),
        "rows": [
            {
                "name": name,
                "cells": range_cells(monthly, titles[name]),
                "share": _share(monthly.expected, estimate.total.expected),
                "delta": change_cells(changed[name])[1] if name in changed else "0",
            }
            for name, monthly in rows
        ],
        "chart": Markup(_chart(rows, prefix)),
        "most_expensive": [
            {
                "name": resource.name,
                "cells": range_cells(resource.monthly, resource.marks),
                "what": "; ".join(dict.fromkeys(line.what for line in resource.lines)),
            }
            for resource in most_expensive
        ],
        "more": max(0, len(estimate.resources) - MAX_RESOURCES),
        "gpu": [
            {
                "user": gpu.user,
                "machine": gpu.machine,
                "accelerator": gpu.accelerator,
                "way": gpu.way,
                "hours": f"{gpu.hours.expected:,.0f}",
                "cells": range_cells(gpu.monthly, gpu.marks) if gpu.monthly else None,
            }
            for gpu in estimate.gpu
        ],
        "unpriced": [{"type": entry.type, "reason": entry.reason, "count": entry.count} for entry in estimate.unpriced],
        "beside": estimate.beside,
        "free": sum(estimate.free.values()),
        "warnings": estimate.warnings,
        "oldest": estimate.oldest.isoformat() if estimate.oldest else "",
        "region": estimate.region,
    }


def _chart(rows: list[tuple[str, Range]], prefix: str) -> str:
    """Expected cost as a dot on a line from idle to at most; the table beside it has the same numbers.

    The scale is logarithmic: with accelerators one capability often costs a thousand times as much as the others.
    """
    top = max((monthly.high for _, monthly in rows), default=0)
    decades = max(1, math.ceil(math.log10(max(top, 10))))
    width, height = _LABEL + _BAR + _AMOUNT, _ROW * len(rows) + _AXIS + 8
    summary = "; ".join(f"{name} {dollars(monthly.expected)} USD" for name, monthly in rows) or "no resource has a cost"
    title = xml_text(f"Expected cost per month by capability: {summary}")
    parts = [
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-labelledby="{prefix}-chart"><title id="{prefix}-chart">{title}</title>'
    ]
    for decade in range(decades + 1):
        x = _LABEL + _BAR * decade / decades
        parts += [
            f'<path class="grid" d="M{x:.1f} {_AXIS - 4}V{height - 4}"/>',
            f'<text class="tick" x="{x:.1f}" y="{_AXIS - 10}" text-anchor="middle">{_tick(decade)}</text>',
        ]
    for number, (name, monthly) in enumerate(rows):
        y = _AXIS + number * _ROW
        low, expected, high = (
            _LABEL + _BAR * math.log10(max(amount, 1)) / decades
            for amount in (monthly.low, monthly.expected, monthly.high)
        )
        parts += [
            f'<text class="label" x="{_LABEL - 14}" y="{y + 19}" text-anchor="end">{xml_text(name)}</text>',
            f'<path class="span" d="M{low:.1f} {y + 15}H{max(high, low + 2):.1f}"/>',
            f'<circle class="dot-mark" cx="{expected:.1f}" cy="{y + 15}" r="6"/>',
            f'<text class="amount" x="{width}" y="{y + 19}" text-anchor="end">{dollars(monthly.expected)}</text>',
        ]
    return "".join([*parts, "</svg>"])


def _tick(decade: int) -> str:
    """An amount of the scale: `1`, `10`, `1k`, `1M`."""
    return f"{10 ** (decade % 3)}{('', 'k', 'M', 'G', 'T')[min(decade // 3, 4)]}"


def _budget(estimate: Estimate, budget: float | None) -> str:
    """The cost as a part of the budget; empty without one. What lacks a price may be more than the rest."""
    if not budget:
        return ""
    part = estimate.total.expected / budget
    if part > 1:
        return f"{part:.1f} times the budget of {dollars(budget)}"
    if estimate.undecided:
        return f"nobody can say whether within the budget of {dollars(budget)}, because prices are missing"
    return f"{_share(estimate.total.expected, budget)} of the budget of {dollars(budget)}"


def _share(amount: float, total: float) -> str:
    """A part of the total in per cent."""
    percent = 100 * amount / total if total else 0
    return f"{percent:.0f} %" if percent >= 1 or percent == 0 else "< 1 %"
