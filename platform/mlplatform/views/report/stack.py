"""One stack of a report: what the page's template fills in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.plan.drawing import draw_graph
from mlplatform.plan.finding import LEVELS
from mlplatform.plan.model import Plan
from mlplatform.plan.stateful import is_stateful
from mlplatform.views.cost.common import dollars
from mlplatform.views.graph import svg as graph_svg
from mlplatform.views.report.change import changes
from mlplatform.views.report.cost import costs
from mlplatform.views.report.findings import answered, grouped, undecided
from mlplatform.views.report.resources import data

if TYPE_CHECKING:
    from mlplatform.checks.gate import Checked
    from mlplatform.plan.cost.model import Estimate
    from mlplatform.plan.summary import Summary
    from mlplatform.review import Review

MAX_TILES = 60
"""Components that are drawn; where there are more, capabilities are."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stack of a report."""

    label: str
    """What it was read from, for people."""

    title: str
    """The cloud, for people."""

    plan: Plan
    """What there would be, or what there is."""

    checked: Checked
    """What the checks say, after acceptances."""

    estimate: Estimate
    """What it costs."""

    review: Review | None = None
    """The change, where it is compared with something."""

    summary: Summary | None = None
    """What it was made from, where that is a spec."""

    unlisted: int = 0
    """Resources that stay the same and that a preview counts without listing them."""


def context(part: Part, prefix: str) -> dict[str, object]:
    """What the template fills in for one stack.

    Args:
        part: the stack.
        prefix: begins the ids of its elements.
    """
    from markupsafe import Markup

    drawn = draw_graph(part.plan)
    if len(drawn.nodes) > MAX_TILES:
        drawn = draw_graph(part.plan, "capability")
    resources = part.plan.resources()
    tone, verdict = _verdict(part)
    gone = part.review.diff.before.stack if part.review else ""
    stack = part.plan.stack or gone or part.label
    keepers = [step for step in resources if is_stateful(step.type)]
    units = ("capability", "capabilities") if drawn.detail == "capability" else ("component", "components")
    unit = units[len(drawn.nodes) != 1]
    total = part.estimate.total
    facts = [
        ("Resources", f"{len(resources):,}", f"{len(drawn.nodes)} {unit}"),
        ("Hold data", f"{len(keepers):,}", f"{sum(step.protect for step in keepers):,} of them protected"),
        ("USD a month", dollars(total.expected), f"{dollars(total.low)} to {dollars(total.high)}"),
        (
            "Findings",
            f"{len(part.checked.judged.findings):,}",
            f"{len(part.checked.report.unknown):,} cannot be known yet",
        ),
    ]
    return {
        "id": prefix,
        "stack": stack,
        "cloud": part.title,
        "where": part.summary.location if part.summary else part.estimate.region,
        "origin": {"program": "planned offline", "preview": "a preview of Pulumi", "state": "a stack's state"}[
            part.plan.origin
        ],
        "resolved": part.plan.resolved,
        "unlisted": part.unlisted,
        "tone": tone,
        "verdict": verdict,
        "facts": facts,
        "graph": Markup(graph_svg.inline(drawn, f"{prefix}-graph", f"#{prefix}-resources")),
        "lines": _lines(part),
        "change": changes(part.review) if part.review else None,
        "checks": _checks(part),
        "cost": costs(part, prefix),
        "notes": _notes(part),
        "next": part.summary.steps if part.summary else (),
        "accelerators": part.summary.accelerators if part.summary else (),
        "quotas": part.summary.quotas if part.summary else (),
        "data": Markup(data(part)),
        "levels": LEVELS,
    }


def _verdict(part: Part) -> tuple[str, str]:
    """How the header looks and what it says: of the change where there is one, else of the checks."""
    judged = part.review.judged if part.review else part.checked.judged
    counts = Counter(finding.level for finding in judged.findings)
    said = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
    found = [f"{said} {'risks in the change' if part.review else 'findings of the checks'}"] if said else []
    accepted = [f"{len(judged.accepted)} accepted"] if judged.accepted else []
    worst = judged.findings[0].level if judged.findings else None
    if judged.expired:
        text = f"{len(judged.expired)} acceptance{'s' * (len(judged.expired) != 1)} expired"
        return "critical" if worst == "critical" else "high", "; ".join([text, *found, *accepted])
    if worst:
        return worst, "; ".join([*found, *accepted])
    return "good", "; ".join(["Nothing dangerous changes" if part.review else "No check finds anything", *accepted])


def _checks(part: Part) -> dict[str, object]:
    report, judged = part.checked.report, part.checked.judged
    titles = {rule.id: rule.title for rule in report.rules}
    held = Counter(rule for rule, _ in report.compliant)
    broken = Counter(finding.rule for finding in report.findings)
    unsure = Counter(one.rule for one in report.unknown)
    return {
        "count": len(judged.findings),
        "findings": grouped(judged.findings),
        "accepted": answered(judged.accepted),
        "expired": [
            {"rule": one.rule, "resource": one.resource, "owner": one.owner, "on": one.expires.isoformat()}
            for one in judged.expired
        ],
        "undecided": len(report.unknown),
        "unknown": undecided(report.unknown, titles),
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "level": rule.level,
                "held": held[rule.id],
                "broken": broken[rule.id],
                "unsure": unsure[rule.id],
            }
            for rule in report.rules
            if held[rule.id] or broken[rule.id] or unsure[rule.id]
        ],
        "held": len(report.compliant),
        "asked": len(report.rules),
    }


def _lines(part: Part) -> list[tuple[str, int]]:
    """The diagram in words: capabilities and their resources."""
    drawn = draw_graph(part.plan, "capability")
    found: dict[str, int] = {}
    for node in drawn.nodes:
        found[node.title] = found.get(node.title, 0) + len(node.urns)
    return list(found.items())


def _notes(part: Part) -> list[dict[str, object]]:
    found: dict[str, list[str]] = {}
    for note in part.plan.notes:
        found.setdefault(note.text, []).append(note.path)
    return [{"text": text, "paths": paths} for text, paths in found.items()]
