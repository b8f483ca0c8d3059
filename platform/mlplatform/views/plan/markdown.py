"""A plan for a pull request: totals first, long lists folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlplatform.plan.summary import Summary
from mlplatform.views.escape import code, escape
from mlplatform.views.plan.text import plan_totals

MAX_CHARACTERS = 60_000
"""GitHub cuts comments at 65,536 characters, GitLab later."""


def document(summaries: Sequence[Summary]) -> str:
    """One table of all clouds, then a section per cloud; lists are left out where the text gets too long."""
    head = _head(summaries)
    whole = "\n".join([*head, *(line for summary in summaries for line in _section(summary, details=True))])
    if len(whole) <= MAX_CHARACTERS:
        return whole + "\n"
    short = "\n".join([*head, *(line for summary in summaries for line in _section(summary, details=False))])
    return short[:MAX_CHARACTERS] + "\n"


def _head(summaries: Sequence[Summary]) -> list[str]:
    lines = [f"## Plan of {summaries[0].platform if summaries else 'no platform'}", ""]
    rows: list[tuple[str, ...]] = []
    for summary in summaries:
        resources, stateful, protected = plan_totals(summary)
        devices = ", ".join(f"{demand.devices} {demand.name}" for demand in summary.accelerators) or "none"
        rows.append((summary.title, summary.location, str(resources), f"{stateful}", f"{protected}", escape(devices)))
    titles = ("Cloud", "Location", "Resources", "Hold data", "Protected", "Accelerators at most")
    return [*lines, *_table(titles, rows), ""]


def _section(summary: Summary, *, details: bool) -> list[str]:
    lines = [f"### {summary.title}", ""]
    rows = [
        (
            capability.title,
            str(capability.count),
            ", ".join(f"{code(group.name)} {group.count}" for group in capability.groups),
        )
        for capability in summary.capabilities
    ]
    lines += [*_table(("Capability", "Resources", "Components"), rows), ""]
    exposed = [s for c in summary.capabilities for g in c.groups for s in g.stateful if not s.protect]
    if exposed:
        names = (code(step.name) for step in exposed)
        lines += [f"**{len(exposed)} hold data and are not protected:** {', '.join(names)}", ""]
    if details:
        lines += _folded(
            f"{len(summary.quotas)} quotas the account must have",
            (
                f"- {quota.amount} {quota.unit}: {escape(quota.name)}"
                f"{f' ({code(quota.code)})' if quota.code else ''}, {quota.region or 'all regions'}"
                for quota in summary.quotas
            ),
        )
        lines += _folded(
            f"{len(summary.obstacles)} organisation policies that would stop this, where you have them",
            (
                f"- {code(one.policy.name)}: {escape(one.policy.reason)}. Way round: {escape(one.policy.way_round)}"
                for one in summary.obstacles
            ),
        )
        lines += _folded(f"{len(summary.notes)} notes", (f"- {code(n.path)}: {escape(n.text)}" for n in summary.notes))
    lines += ["Next:", "", *(f"{number}. {step}" for number, step in enumerate(summary.steps, 1)), ""]
    return lines


def _folded(title: str, items: Iterable[str]) -> list[str]:
    body = list(items)
    return [f"<details><summary>{title}</summary>", "", *body, "", "</details>", ""] if body else []


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(titles)} |",
        f"|{'|'.join(' --- ' for _ in titles)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
