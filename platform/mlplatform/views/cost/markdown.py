"""An estimate for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost import CostDelta, Estimate
from mlplatform.views.cost.amounts import accelerator_hours, dollars, range_cells, signed_dollars
from mlplatform.views.cost.subject import CostSubject
from mlplatform.views.escape import code, escape


def document(subject: CostSubject) -> str:
    """One section per target."""
    by_target = {delta.after.target: delta for delta in subject.deltas}
    lines: list[str] = []
    for estimate in subject.estimates:
        lines += [*_section(subject, estimate, by_target.get(estimate.target)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(subject: CostSubject, estimate: Estimate, delta: CostDelta | None) -> Iterator[str]:
    place = f", {estimate.region}" if estimate.region else ""
    yield f"### Cost of {code(subject.label)} on {escape(estimate.target + place)}"
    yield ""
    if delta:
        change = delta.total.difference
        yield (
            f"**{signed_dollars(change.expected)} USD a month expected** "
            f"({signed_dollars(change.low)} idle, {signed_dollars(change.high)} at most), from {code(subject.base)}."
        )
        yield ""
    if (limit := subject.budgets.get(estimate.target)) is not None:
        verdict = subject.verdict(estimate)
        yield (
            f"Prices are missing: nobody can say whether the cost is within the budget of {dollars(limit)} USD."
            if verdict == "unknown"
            else f"{str(verdict).capitalize()} the budget of {dollars(limit)} USD."
        )
        yield ""
    yield "| USD a month | idle | expected | at most |" + (" change |" if delta else "")
    yield "|---|--:|--:|--:|" + ("--:|" if delta else "")
    for title, monthly in estimate.by_capability.items():
        changed = delta.by_capability.get(title) if delta else None
        row = f"| {escape(title)} | {' | '.join(range_cells(monthly))} |"
        yield row + (f" {signed_dollars(changed.difference.expected) if changed else '0'} |" if delta else "")
    total = f"| **Total** | {' | '.join(f'**{cell}**' for cell in range_cells(estimate.total))} |"
    yield total + (f" **{signed_dollars(delta.total.difference.expected)}** |" if delta else "")
    if estimate.gpu:
        yield from ("", "| accelerators | | paid as | hours: idle · expected · at most | USD a month |")
        yield "|---|---|---|--:|--:|"
        for gpu in estimate.gpu:
            cost = " · ".join(range_cells(gpu.monthly)) if gpu.monthly else "not priced"
            user = f"{code(gpu.user)} | {escape(gpu.accelerator)} | {escape(gpu.way)}"
            yield f"| {user} | {accelerator_hours(gpu.hours)} | {cost} |"
    if estimate.unpriced or estimate.warnings:
        count = sum(missing.count for missing in estimate.unpriced)
        yield from ("", f"<details><summary>{count} resources or parts are not in the estimate</summary>", "")
        yield from (
            f"- {missing.count} x {code(missing.type)}: {escape(missing.reason)}" for missing in estimate.unpriced
        )
        yield from (f"- {escape(warning)}" for warning in estimate.warnings)
        yield from ("", "</details>")
