"""A plan for people: a tree by capability, quotas, notes and next steps."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.catalog.quota import QuotaDemand
from mlplatform.plan.model import PlanNote
from mlplatform.plan.organisation import PolicyObstacle
from mlplatform.plan.summary import CapabilitySummary, ComponentSummary, Summary
from mlplatform.views.style import Style

NAME_WIDTH = 28
"""Columns of a component's name in the tree."""
MAX_KINDS = 5
"""Resource types named per component; `--format json` has them all."""
_GLUE = "\u00a0"
"""Joins words that stay on one line."""


def document(summaries: Sequence[Summary], style: Style) -> str:
    """One section per cloud, and a line for each at the end where there are several."""
    lines: list[str] = []
    for summary in summaries:
        lines += [*_section(summary, style), ""]
    if len(summaries) > 1:
        lines.append(style.paint("All clouds", "bold"))
        lines += [f"  {summary.title:<8} {_totals(summary)}" for summary in summaries]
        lines.append("")
    return style.plain("\n".join(lines))


def plan_totals(summary: Summary) -> tuple[int, int, int]:
    """Resources, those that hold data, and those protected against deletion."""
    resources = summary.plan.resources()
    stateful = sum(len(group.stateful) for c in summary.capabilities for group in c.groups)
    return len(resources), stateful, sum(step.protect for step in resources)


def _totals(summary: Summary) -> str:
    resources, stateful, protected = plan_totals(summary)
    devices = sum(demand.devices for demand in summary.accelerators)
    return f"{resources:>4} resources, {stateful} hold data, {protected} protected, up to {devices} accelerators"


def _section(summary: Summary, style: Style) -> list[str]:
    resources, stateful, protected = plan_totals(summary)
    lines = [
        style.paint(f"{summary.platform} on {summary.title}, {summary.location}", "bold"),
        f"{resources} resources to create; {stateful} hold data (●), {protected} protected against deletion",
        "",
    ]
    for capability in summary.capabilities:
        lines += _capability(capability, style)
    lines += _accelerators(summary, style)
    lines += _quotas(summary.quotas, style)
    lines += _obstacles(summary.obstacles, style)
    if summary.notes:
        lines += ["", style.paint("Notes", "bold")]
        for text, paths in _by_text(summary.notes).items():
            more = f" and {len(paths) - 1} more like it" if len(paths) > 1 else ""
            lines += style.wrap(f"{paths[0]}{more}: {text}", "  · ", "    ")
    lines += ["", style.paint("Next", "bold")]
    for number, step in enumerate(summary.steps, 1):
        lines += style.wrap(step, f"  {number}. ", "     ")
    return lines


def _by_text(notes: Sequence[PlanNote]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for note in notes:
        paths.setdefault(note.text, []).append(note.path)
    return paths


def _capability(capability: CapabilitySummary, style: Style) -> list[str]:
    lines = [f"{style.paint(capability.title, 'cyan')}  {capability.count}"]
    last = len(capability.groups) - 1
    for index, group in enumerate(capability.groups):
        lines += _group(group, style, last=index == last)
    return lines


def _group(group: ComponentSummary, style: Style, *, last: bool) -> list[str]:
    branch, rail = ("└─ ", "   ") if last else ("├─ ", "│  ")
    shown = [name if number == 1 else f"{number}{_GLUE}{name}" for name, number in group.types[:MAX_KINDS]]
    if len(group.types) > MAX_KINDS:
        shown.append(f"…{_GLUE}{len(group.types) - MAX_KINDS}{_GLUE}more{_GLUE}types")
    first = f"{branch}{group.name[:NAME_WIDTH]:<{NAME_WIDTH}} {group.count:>3}  "
    lines = style.wrap(", ".join(shown), first, f"{rail}{' ' * (NAME_WIDTH + 6)}")
    lines += _holding(group, style, rail, protected=True)
    lines += _holding(group, style, rail, protected=False)
    return [line.replace(_GLUE, " ") for line in lines]


def _holding(group: ComponentSummary, style: Style, rail: str, *, protected: bool) -> list[str]:
    names = [_own(step.name, group.name) for step in group.stateful if step.protect == protected]
    if not names:
        return []
    label = "protected" if protected else "not protected"
    lines = style.wrap(f"{label}: {', '.join(names)}", f"{rail}● ", f"{rail}  ")
    hue = "green" if protected else "yellow"
    return [rail + style.paint(line.removeprefix(rail), hue) for line in lines]


def _own(name: str, group: str) -> str:
    """A resource's name without that of its component: `acme-store-models` in `store` is `models`."""
    return name.partition(f"{group}-")[2] or name


def _accelerators(summary: Summary, style: Style) -> list[str]:
    if not summary.accelerators:
        return []
    lines = ["", style.paint("Accelerators at the upper bounds", "bold")]
    for demand in summary.accelerators:
        first = f"  {demand.devices:>4} {demand.name:<14} "
        lines += style.wrap("; ".join(demand.users), first, " " * len(first))
    return lines


def _quotas(quotas: Sequence[QuotaDemand], style: Style) -> list[str]:
    if not quotas:
        return []
    lines = ["", style.paint("Quotas the account must have", "bold")]
    for quota in quotas:
        where = quota.region or "all regions"
        code = f" ({quota.code})" if quota.code else ""
        first = f"  {quota.amount:>6} {quota.unit:<10} "
        lines += style.wrap(f"{quota.name}{code}, {where}", first, " " * len(first))
    return lines


def _obstacles(obstacles: Sequence[PolicyObstacle], style: Style) -> list[str]:
    if not obstacles:
        return []
    lines = ["", style.paint("Organisation policies that would stop this, where you have them", "bold")]
    for obstacle in obstacles:
        policy = obstacle.policy
        text = f"{policy.name}: {policy.reason} ({_counted(obstacle.names)}). Way round: {policy.way_round}"
        lines += style.wrap(text, "  · ", "    ")
    return lines


def _counted(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
