"""The change section of a report: spec fields, risks, and every changed resource."""

from __future__ import annotations

from mlplatform.review import Review
from mlplatform.views.cost.amounts import change_cells
from mlplatform.views.diff.common import count_changes, short_type
from mlplatform.views.report.findings import group_findings, list_accepted
from mlplatform.views.values import differing_parts, format_change, format_value

MAX_PROPERTIES = 40
"""Inputs shown per resource."""


def _cost(review: Review) -> str:
    total = review.cost.total
    if total.unknown:
        return "what it costs is unknown, because prices are missing"
    return f"{change_cells(total)[1]} USD a month expected"


def change_values(review: Review) -> dict[str, object]:
    """The template's values."""
    return {
        "counted": count_changes(review.diff.changes),
        "unchanged": review.diff.unchanged,
        "cost": _cost(review),
        "risks": group_findings(review.judged.findings),
        "accepted": list_accepted(review.judged.accepted),
        "own": [f"{entry.rule} of {entry.resource}, {entry.owner}" for entry in review.judged.own],
        "fields": [
            {
                "path": field.path,
                "before": format_value(field.before) if field.before is not None else "",
                "after": format_value(field.after) if field.after is not None else "",
                "count": len(field.urns),
            }
            for field in review.diff.spec_changes
        ],
        "resources": [
            {
                "kind": risk.change.kind,
                "level": risk.level,
                "name": risk.change.step.name,
                "type": short_type(risk.change.step.type),
                "reason": risk.reason,
                "properties": [
                    {
                        "path": prop.text,
                        "text": format_change(prop),
                        "parts": differing_parts(prop.before, prop.after) if prop.kind == "update" else (),
                        "replaces": prop.replaces,
                    }
                    for prop in risk.change.properties[:MAX_PROPERTIES]
                ],
                "more": max(0, len(risk.change.properties) - MAX_PROPERTIES),
            }
            for risk in review.risks.classified
        ],
    }
