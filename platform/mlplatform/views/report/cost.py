"""The cost section of a report: amounts, a chart beside its table, accelerators, and resources without a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlplatform.plan.capability import TITLES
from mlplatform.plan.cost.amount import Range
from mlplatform.views.cost.amounts import ESTIMATE_MEANS, change_cells, dollars, range_cells
from mlplatform.views.graph.svg import xml_text

if TYPE_CHECKING:
    from mlplatform.views.report.stack import ReportStack

MAX_RESOURCES = 15
"""Resources listed one by one; the table of resources has them all."""
_BAR, _ROW, _LABEL, _AMOUNT = 420, 30, 150, 96


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
    titles = estimate.marked_capabilities
    return {
        "total": range_cells(estimate.total, marked=bool(titles)),
        "incomplete": bool(estimate.undecided),
        "legend": ESTIMATE_MEANS if titles else "",
        "delta": change_cells(delta.total)[1] if delta else "",
        "unknown": delta.total.unknown if delta else (),
        "rows": [{"name": name, "cells": range_cells(monthly, marked=name in titles)} for name, monthly in rows],
        "chart": Markup(_chart(rows, prefix)),
        "most_expensive": [
            {
                "name": resource.name,
                "cells": range_cells(resource.monthly, marked=resource.marked),
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
                "cells": range_cells(gpu.monthly, marked=gpu.marked) if gpu.monthly else None,
            }
            for gpu in estimate.gpu
        ],
        "unpriced": [{"type": entry.type, "reason": entry.reason, "count": entry.count} for entry in estimate.unpriced],
        "free": sum(estimate.free.values()),
        "warnings": estimate.warnings,
        "oldest": estimate.oldest.isoformat() if estimate.oldest else "",
        "region": estimate.region,
    }


def _chart(rows: list[tuple[str, Range]], prefix: str) -> str:
    """Bars of the expected cost with a whisker from idle to at most; the table beside it has the same numbers."""
    top = max((monthly.high for _, monthly in rows), default=0) or 1
    width, height = _LABEL + _BAR + _AMOUNT, _ROW * len(rows) + 8
    summary = "; ".join(f"{name} {dollars(monthly.expected)} USD" for name, monthly in rows) or "no resource has a cost"
    title = xml_text(f"Expected cost per month by capability: {summary}")
    parts = [
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-labelledby="{prefix}-chart"><title id="{prefix}-chart">{title}</title>'
    ]
    for number, (name, monthly) in enumerate(rows):
        y = 4 + number * _ROW
        low, expected, high = (_LABEL + _BAR * amount / top for amount in (monthly.low, monthly.expected, monthly.high))
        parts += [
            f'<text class="label" x="{_LABEL - 10}" y="{y + 18}" text-anchor="end">{xml_text(name)}</text>',
            f'<rect class="rail" x="{_LABEL}" y="{y + 5}" width="{_BAR}" height="18" rx="3"/>',
            f'<rect class="bar" x="{_LABEL}" y="{y + 5}" width="{max(expected - _LABEL, 1):.1f}" height="18" rx="3"/>',
            f'<path class="whisker" d="M{low:.1f} {y + 14}H{high:.1f}M{low:.1f} {y + 10}v8M{high:.1f} {y + 10}v8"/>',
            f'<text class="amount" x="{width}" y="{y + 18}" text-anchor="end">{dollars(monthly.expected)}</text>',
        ]
    return "".join([*parts, "</svg>"])
