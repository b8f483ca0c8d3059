"""What is dangerous in a change, for people and for tools."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from mlplatform.plan.finding import LEVELS, Finding
from mlplatform.review import Review
from mlplatform.views.levels import HUES
from mlplatform.views.style import Style


def text(reviews: Sequence[Review], style: Style) -> str:
    """One section per cloud: what was found, worst first, and what is accepted."""
    lines: list[str] = []
    for review in reviews:
        lines += [*_section(review, style), ""]
    return style.plain("\n".join(lines))


def verdict(review: Review) -> str:
    """One line: what a gate would say."""
    found = Counter(finding.level for finding in review.judged.findings)
    if not found:
        return "nothing dangerous found"
    return ", ".join(f"{found[level]} {level}" for level in LEVELS if found[level])


def _section(review: Review, style: Style) -> list[str]:
    changes = Counter(change.kind for change in review.diff.changes)
    done = ", ".join(f"{count} {kind}" for kind, count in changes.items()) or "no change"
    head = f"{review.title}, {review.diff.after.stack}: {verdict(review)}"
    lines = [style.paint(head, "bold"), f"{done}; {review.diff.unchanged} stay the same", ""]
    for finding in review.judged.findings:
        lines += _finding(finding, style)
    for one in review.judged.accepted:
        until = f"accepted until {one.by.expires} by {one.by.owner}: {one.by.reason}"
        lines += style.wrap(f"{one.finding.rule} of {one.finding.name}: {until}", "  accepted  ", "            ")
    for entry in review.judged.expired:
        said = f"{entry.rule} of {entry.resource}, {entry.owner}: expired on {entry.expires}; renew or remove it"
        lines += [style.paint(line, "red") for line in style.wrap(said, "  expired   ", "            ")]
    for entry in review.judged.unused:
        lines += style.wrap(f"{entry.rule} of {entry.resource}: nothing needs it", "  unused    ", "            ")
    return lines


def _finding(finding: Finding, style: Style) -> list[str]:
    level = style.paint(f"  {finding.level:<9}", HUES[finding.level])
    path = f" at {finding.path}" if finding.path else ""
    first, *rest = style.wrap(f"{finding.name}{path}: {finding.reason}", " " * 12, " " * 12)
    lines = [f"{level} {first.lstrip()}", *rest]
    lines += style.wrap(f"{finding.fix} [{finding.rule}]", " " * 12, " " * 12)
    return lines


def document(reviews: Sequence[Review]) -> str:
    """Everything as JSON."""
    body = {
        "clouds": [
            {
                "cloud": review.diff.cloud,
                "stack": review.diff.after.stack,
                "changes": dict(sorted(Counter(change.kind for change in review.diff.changes).items())),
                "unchanged": review.diff.unchanged,
                "findings": [asdict(finding) for finding in review.judged.findings],
                "accepted": [
                    {"finding": asdict(one.finding), "by": one.by.model_dump(mode="json")}
                    for one in review.judged.accepted
                ],
                "expired": [entry.model_dump(mode="json") for entry in review.judged.expired],
                "unused": [entry.model_dump(mode="json") for entry in review.judged.unused],
                "classified": [
                    {"urn": one.change.step.urn, "kind": one.change.kind, "level": one.level, "reason": one.reason}
                    for one in review.risks.classified
                ],
            }
            for review in reviews
        ]
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
