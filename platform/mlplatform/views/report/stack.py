"""One stack of a report, as values for the page's template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.plan.drawing import draw_change, draw_graph
from mlplatform.plan.finding import LEVELS
from mlplatform.plan.model import Plan
from mlplatform.plan.stateful import holds_data
from mlplatform.views.cost.amounts import range_cells
from mlplatform.views.diff.common import KINDS, SIGNS, WORDS, say_counts
from mlplatform.views.graph import svg as graph_svg
from mlplatform.views.graph.words import describe_graph
from mlplatform.views.report.change import change_values
from mlplatform.views.report.cost import cost_values
from mlplatform.views.report.findings import group_findings, list_accepted, list_unknown
from mlplatform.views.report.resources import resources_json

if TYPE_CHECKING:
    from mlplatform.checks.gate import Checked
    from mlplatform.plan.cost.model import Estimate
    from mlplatform.plan.graph import Detail, Graph
    from mlplatform.plan.summary import Summary
    from mlplatform.review import Review
    from mlplatform.spec.platform import PlatformSpec

MAX_TILES = 60
"""Maximum components in the drawing; above it only those around the changes, or else capabilities, are drawn."""


@dataclass(frozen=True, slots=True)
class ReportStack:
    """One stack of a report."""

    label: str
    """Name of its source, for people."""

    title: str
    """The cloud, for people."""

    plan: Plan
    """The planned resources, or the deployed ones of a state."""

    checked: Checked
    """Results of the checks, after acceptances."""

    estimate: Estimate
    """Its cost."""

    review: Review | None = None
    """The change, where it is compared with a base."""

    summary: Summary | None = None
    """Summary of the plan, where it was made from a spec."""

    unlisted: int = 0
    """Unchanged resources that a preview counts without listing them."""

    budget: float | None = None
    """Budget of its spec, US dollars a month; None where it states none."""

    spec: PlatformSpec | None = None
    """The spec of its target; None where it was made from a file of resources."""

    @property
    def name(self) -> str:
        """The stack's name, or that of its source."""
        return self.plan.stack or (self.review.diff.before.stack if self.review else "") or self.label


def stack_values(stack: ReportStack, prefix: str) -> dict[str, object]:
    """The template's values for one stack.

    Args:
        stack: the stack.
        prefix: begins the ids of its elements.
    """
    from markupsafe import Markup

    whole = _draw(stack, "component")
    drawn = _shown(stack, whole)
    resources = stack.plan.resources()
    tone, verdict = _verdict(stack)
    stateful = [step for step in resources if holds_data(step)]
    components = sum(node.change != "delete" for node in whole.nodes)
    facts = [
        ("Resources", f"{len(resources):,}", f"{components} component{'s' * (components != 1)}"),
        ("Hold data", f"{len(stateful):,}", f"{sum(step.protect for step in stateful):,} of them protected"),
        _cost_fact(stack.estimate),
        (
            "Findings",
            f"{len(stack.checked.judged.findings):,}",
            f"{len(stack.checked.report.unknown):,} cannot be known yet",
        ),
    ]
    return {
        "id": prefix,
        "stack": stack.name,
        "cloud": stack.title,
        "where": stack.summary.location if stack.summary else stack.estimate.region,
        "origin": {"program": "planned offline", "preview": "a preview of Pulumi", "state": "a stack's state"}[
            stack.plan.origin
        ],
        "resolved": stack.plan.resolved,
        "unlisted": stack.unlisted,
        "tone": tone,
        "verdict": verdict,
        "facts": facts,
        "graph": Markup(graph_svg.inline(drawn, f"{prefix}-graph", f"#{prefix}-resources")),
        "partly": drawn is not whole and drawn.detail == whole.detail,
        "legend": [
            (kind, SIGNS[kind], "changed" if kind == "update" else WORDS[kind])
            for kind in KINDS
            if any(node.change == kind for node in drawn.nodes)
        ],
        "words": _words(drawn),
        "change": change_values(stack.review) if stack.review else None,
        "checks": _checks(stack),
        "cost": cost_values(stack, prefix),
        "notes": _notes(stack),
        "next": stack.summary.steps if stack.summary else (),
        "accelerators": stack.summary.accelerators if stack.summary else (),
        "quotas": stack.summary.quotas if stack.summary else (),
        "data": Markup(resources_json(stack)),
        "levels": LEVELS,
    }


def _cost_fact(estimate: Estimate) -> tuple[str, str, str]:
    """The cost; without what has no price it is the least that the platform costs."""
    low, expected, high = range_cells(estimate.total, estimate.marks)
    if estimate.undecided:
        return "USD a month", f"at least {expected}", "prices are missing"
    return "USD a month", expected, f"{low} to {high}"


def _verdict(stack: ReportStack) -> tuple[str, str]:
    """Colour and text of the header: of the change where there is one, else of the checks."""
    judged = stack.review.judged if stack.review else stack.checked.judged
    counts = Counter(finding.level for finding in judged.findings)
    levels = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
    findings = [f"{levels} {'risks in the change' if stack.review else 'findings of the checks'}"] if levels else []
    accepted = [f"{len(judged.accepted)} accepted"] if judged.accepted else []
    worst = judged.findings[0].level if judged.findings else None
    if judged.expired:
        text = f"{len(judged.expired)} acceptance{'s' * (len(judged.expired) != 1)} expired"
        return "critical" if worst == "critical" else "high", "; ".join([text, *findings, *accepted])
    if worst:
        return worst, "; ".join([*findings, *accepted])
    return "good", "; ".join(["No risks in the change" if stack.review else "All checks pass", *accepted])


def _checks(stack: ReportStack) -> dict[str, object]:
    report, judged = stack.checked.report, stack.checked.judged
    titles = {rule.id: rule.title for rule in report.rules}
    passed = Counter(rule for rule, _ in report.compliant)
    failed = Counter(finding.rule for finding in report.findings)
    unknown = Counter(result.rule for result in report.unknown)
    return {
        "count": len(judged.findings),
        "findings": group_findings(judged.findings),
        "accepted": list_accepted(judged.accepted),
        "expired": [
            {"rule": entry.rule, "resource": entry.resource, "owner": entry.owner, "on": entry.expires.isoformat()}
            for entry in judged.expired
        ],
        "unknown_count": len(report.unknown),
        "unknown": list_unknown(report.unknown, titles),
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "level": rule.level,
                "passed": passed[rule.id],
                "failed": failed[rule.id],
                "unknown": unknown[rule.id],
            }
            for rule in report.rules
            if passed[rule.id] or failed[rule.id] or unknown[rule.id]
        ],
        "passed": len(report.compliant),
        "known_rules": len(report.rules),
    }


def _draw(stack: ReportStack, detail: Detail) -> Graph:
    """The drawing, with the change where there is one."""
    return draw_change(stack.review.diff, detail) if stack.review else draw_graph(stack.plan, detail)


def _shown(stack: ReportStack, whole: Graph) -> Graph:
    """What fits on the page: everything, or what is around the changes, or else capabilities."""
    if len(whole.nodes) <= MAX_TILES:
        return whole
    part = whole.around_changes()
    return part if part.nodes and len(part.nodes) <= MAX_TILES else _draw(stack, "capability")


def _words(drawn: Graph) -> list[dict[str, object]]:
    """The drawing in words."""
    return [
        {
            "place": paragraph.place,
            "title": paragraph.title,
            "needs": paragraph.needs,
            "tiles": [
                {
                    "title": node.title,
                    "detail": graph_svg.describe_node(node),
                    "change": node.change,
                    "counted": say_counts(node.changes),
                }
                for node in paragraph.nodes
            ],
        }
        for paragraph in describe_graph(drawn)
    ]


def _notes(stack: ReportStack) -> list[dict[str, object]]:
    notes: dict[str, list[str]] = {}
    for note in stack.plan.notes:
        notes.setdefault(note.text, []).append(note.path)
    return [{"text": text, "paths": paths} for text, paths in notes.items()]
