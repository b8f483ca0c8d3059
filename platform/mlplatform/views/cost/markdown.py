"""An estimate for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost import CostDelta, Estimate
from mlplatform.plan.cost.comparison import compare_targets
from mlplatform.plan.cost.system_pool import room_words
from mlplatform.views.cost.amounts import accelerator_hours, change_cells, mark_legend, range_cells
from mlplatform.views.cost.comparison import comparison_markdown
from mlplatform.views.cost.shared import shared_words
from mlplatform.views.cost.subject import CostSubject
from mlplatform.views.cost.verdict import verdict_words
from mlplatform.views.escape import code, escape


def document(subject: CostSubject) -> str:
    """One section per target."""
    by_target = {delta.after.target: delta for delta in subject.deltas}
    lines: list[str] = []
    for estimate in subject.estimates:
        lines += [*_section(subject, estimate, by_target.get(estimate.target)), ""]
    if comparison := compare_targets(subject.estimates):
        lines += [*comparison_markdown(comparison), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(subject: CostSubject, estimate: Estimate, delta: CostDelta | None) -> Iterator[str]:
    place = f", {estimate.region}" if estimate.region else ""
    yield f"### Cost of {code(subject.label)} on {escape(estimate.target + place)}"
    yield ""
    if delta:
        idle, expected, most = change_cells(delta.total)
        yield (
            f"**Unknown difference from {code(subject.base)}**: a price is missing on one side. "
            + " ".join(f"{escape(reason)}." for reason in delta.total.unknown)
            if delta.total.unknown
            else f"**{expected} USD a month expected** ({idle} idle, {most} at most), from {code(subject.base)}."
        )
        yield ""
    if words := verdict_words(subject, estimate):
        yield escape(words)
        yield ""
    titles = estimate.marks_by_capability
    yield "| USD a month | idle | expected | at most |" + (" change |" if delta else "")
    yield "|---|--:|--:|--:|" + ("--:|" if delta else "")
    for title, monthly in estimate.by_capability.items():
        changed = delta.by_capability.get(title) if delta else None
        row = f"| {escape(title)} | {' | '.join(range_cells(monthly, titles[title]))} |"
        yield row + (f" {change_cells(changed)[1] if changed else '0'} |" if delta else "")
    name = "Total of what has a price" if estimate.undecided else "Total"
    cells = range_cells(estimate.total, estimate.marks)
    total = f"| **{name}** | {' | '.join(f'**{cell}**' for cell in cells)} |"
    yield total + (f" **{change_cells(delta.total)[1]}** |" if delta else "")
    if legend := mark_legend(estimate.marks):
        yield from ("", f"<sub>{legend}</sub>")
    if delta and (words := shared_words(delta)):
        yield from ("", escape(words))
    if estimate.gpu:
        yield from ("", "| accelerators | | paid as | hours: idle · expected · at most | USD a month |")
        yield "|---|---|---|--:|--:|"
        for gpu in estimate.gpu:
            cost = " · ".join(range_cells(gpu.monthly, gpu.marks)) if gpu.monthly else "not priced"
            user = f"{code(gpu.user)} | {escape(gpu.accelerator)} | {escape(gpu.way)}"
            yield f"| {user} | {accelerator_hours(gpu.hours)} | {cost} |"
    if estimate.layer:
        yield from ("", escape(room_words(estimate.layer)))
    if estimate.unpriced or estimate.beside or estimate.warnings:
        count = sum(missing.count for missing in estimate.unpriced)
        what = f"{count} resources or parts are not in the estimate" if count else "What is not in the estimate"
        yield from ("", f"<details><summary>{what}</summary>", "")
        yield from (
            f"- {missing.count} x {code(missing.type)}: {escape(missing.reason)}" for missing in estimate.unpriced
        )
        yield from (f"- {escape(what)}: {escape(reason)}" for what, reason in estimate.beside)
        yield from (f"- {escape(warning)}" for warning in estimate.warnings)
        yield from ("", "</details>")
