"""The changes as a mermaid diagram: capabilities with their changed components, coloured by the worst finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.finding import LEVELS, Level
from mlplatform.review import Review
from mlplatform.views.diff.common import count_changes, group_by_capability
from mlplatform.views.escape import block, mermaid_label

MAX_NODES = 30
"""Maximum components; above it each capability is one node."""
_COLOURS: dict[Level, str] = {
    "critical": "fill:#b60205,color:#ffffff,stroke:#7a0103",
    "high": "fill:#d93f0b,color:#ffffff,stroke:#8f2a07",
    "medium": "fill:#fbca04,color:#000000,stroke:#a88703",
    "low": "fill:#c5def5,color:#000000,stroke:#6a9fd4",
    "info": "fill:#ededed,color:#000000,stroke:#999999",
}


def section(reviews: Sequence[Review]) -> str:
    """The folded diagram."""
    body = block("\n".join(_diagram(reviews)), "mermaid")
    return "\n".join(["<details><summary>Diagram of the changes</summary>", "", *body, "", "</details>", "", ""])


def _diagram(reviews: Sequence[Review]) -> list[str]:
    lines = ["flowchart LR"]
    total = sum(len({change.component for change in review.diff.changes}) for review in reviews)
    node = 0
    for number, review in enumerate(reviews):
        levels = _levels(review)
        lines.append(f'  subgraph s{number}["{mermaid_label(review.diff.after.stack or review.diff.before.stack)}"]')
        for index, (title, changes) in enumerate(group_by_capability(review.diff).items()):
            lines.append(f'    subgraph s{number}c{index}["{mermaid_label(title)}"]')
            for name, members in _components(changes, whole=total > MAX_NODES).items():
                worst = min((levels.get(change.step.urn, "info") for change in members), key=LEVELS.index)
                lines.append(
                    f'      n{node}["{mermaid_label(name)}: {mermaid_label(count_changes(members), 80)}"]:::{worst}'
                )
                node += 1
            lines.append("    end")
        lines.append("  end")
    return [*lines, *(f"  classDef {level} {colour}" for level, colour in _COLOURS.items())]


def _components(changes: Sequence[ResourceChange], *, whole: bool) -> dict[str, list[ResourceChange]]:
    groups: dict[str, list[ResourceChange]] = defaultdict(list)
    for change in changes:
        groups["everything" if whole else change.component or change.step.name].append(change)
    return dict(sorted(groups.items()))


def _levels(review: Review) -> dict[str, Level]:
    worst: dict[str, Level] = {}
    for finding in review.judged.findings:
        worst.setdefault(finding.urn, finding.level)
    return worst
