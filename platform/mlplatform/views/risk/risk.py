"""Risks of a change, for people and for tools."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from mlplatform.review import Review
from mlplatform.views.judged import count_levels, judged_lines
from mlplatform.views.style import Style


def text(reviews: Sequence[Review], style: Style) -> str:
    """One section per cloud: findings, worst first, then acceptances."""
    lines: list[str] = []
    for review in reviews:
        lines += [*_section(review, style), ""]
    return style.plain("\n".join(lines))


def verdict(review: Review) -> str:
    """One line: the counts of findings."""
    return count_levels(review.judged) or "no risks found"


def _section(review: Review, style: Style) -> list[str]:
    changes = Counter(change.kind for change in review.diff.changes)
    counts = ", ".join(f"{count} {kind}" for kind, count in changes.items()) or "no change"
    head = f"{review.title}, {review.diff.after.stack}: {verdict(review)}"
    lines = [style.paint(head, "bold"), f"{counts}; {review.diff.unchanged} stay the same", ""]
    return [*lines, *judged_lines(review.judged, style)]


def document(reviews: Sequence[Review]) -> str:
    """Everything as JSON."""
    body = {
        "clouds": [
            {
                "cloud": review.diff.cloud,
                "target": review.diff.target,
                "stack": review.diff.after.stack,
                "changes": dict(sorted(Counter(change.kind for change in review.diff.changes).items())),
                "unchanged": review.diff.unchanged,
                "findings": [asdict(finding) for finding in review.judged.findings],
                "accepted": [
                    {"finding": asdict(accepted.finding), "by": accepted.by.model_dump(mode="json")}
                    for accepted in review.judged.accepted
                ],
                "expired": [entry.model_dump(mode="json") for entry in review.judged.expired],
                "own": [entry.model_dump(mode="json") for entry in review.judged.own],
                "unused": [entry.model_dump(mode="json") for entry in review.judged.unused],
                "classified": [
                    {"urn": risk.change.step.urn, "kind": risk.change.kind, "level": risk.level, "reason": risk.reason}
                    for risk in review.risks.classified
                ],
            }
            for review in reviews
        ]
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
