"""What a report shows of a change: fields of the spec, risks, and what happens to each resource."""

from __future__ import annotations

from mlplatform.review import Review
from mlplatform.views.cost.common import signed
from mlplatform.views.diff.common import counted, kind_of
from mlplatform.views.report.findings import answered, grouped
from mlplatform.views.values import apart, change, shown

MAX_PROPERTIES = 40
"""Inputs that are shown of one resource."""


def changes(review: Review) -> dict[str, object]:
    """What the template fills in."""
    cost = review.cost.total.difference
    return {
        "counted": counted(review.diff.changes),
        "unchanged": review.diff.unchanged,
        "cost": signed(cost.expected),
        "risks": grouped(review.judged.findings),
        "accepted": answered(review.judged.accepted),
        "fields": [
            {
                "path": one.path,
                "before": shown(one.before) if one.before is not None else "",
                "after": shown(one.after) if one.after is not None else "",
                "count": len(one.urns),
            }
            for one in review.diff.spec_changes
        ],
        "resources": [
            {
                "kind": one.change.kind,
                "level": one.level,
                "name": one.change.step.name,
                "type": kind_of(one.change.step.type),
                "reason": one.reason,
                "properties": [
                    {
                        "path": each.text,
                        "said": change(each),
                        "parts": apart(each.before, each.after) if each.kind == "update" else (),
                        "replaces": each.replaces,
                    }
                    for each in one.change.properties[:MAX_PROPERTIES]
                ],
                "more": max(0, len(one.change.properties) - MAX_PROPERTIES),
            }
            for one in review.risks.classified
        ],
    }
