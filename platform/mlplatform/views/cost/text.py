"""An estimate for people: by capability and component, accelerators, and resources without a price."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost import CostDelta, Estimate
from mlplatform.plan.cost.comparison import compare_targets
from mlplatform.plan.cost.drivers import range_drivers
from mlplatform.plan.cost.system_pool import room_words
from mlplatform.views.cost.amounts import OLD, accelerator_hours, change_cells, mark_legend, range_cells
from mlplatform.views.cost.comparison import comparison_text
from mlplatform.views.cost.shared import shared_words
from mlplatform.views.cost.subject import CostSubject
from mlplatform.views.cost.verdict import verdict_words
from mlplatform.views.style import Style

_NAME = 38
_CELL = 12


def document(subject: CostSubject, style: Style) -> str:
    """One section per target."""
    lines: list[str] = []
    by_target = {delta.after.target: delta for delta in subject.deltas}
    for estimate in subject.estimates:
        lines += [*_section(subject, estimate, by_target.get(estimate.target), style), ""]
    if comparison := compare_targets(subject.estimates):
        lines += [*comparison_text(comparison, style), ""]
    return style.plain("\n".join(lines))


def _section(subject: CostSubject, estimate: Estimate, delta: CostDelta | None, style: Style) -> Iterator[str]:
    place = f", {estimate.region}" if estimate.region else ""
    yield style.paint(f"{subject.label} on {estimate.target}{place}: US dollars a month", "bold")
    yield style.paint(_row("", ("idle", "expected", "at most")), "dim")
    components = {r.component: r.capability for r in estimate.resources}
    by_component = estimate.by_component
    titles, names = estimate.marks_by_capability, estimate.marks_by_component
    for title, monthly in estimate.by_capability.items():
        yield style.paint(_row(title, range_cells(monthly, titles[title])), "bold")
        parts = [name for name, capability in components.items() if capability == title]
        for name in sorted(parts) if len(parts) > 1 else ():
            yield _row(f"  {name or '(none)'}", range_cells(by_component[name], names[name]))
    total = "Total of what has a price" if estimate.undecided else "Total"
    yield style.paint(_row(total, range_cells(estimate.total, estimate.marks)), "bold")
    if legend := mark_legend(estimate.marks):
        yield style.paint(legend, "dim")
    if words := verdict_words(subject, estimate):
        hue = "green" if subject.verdict(estimate) == "within" else "red"
        yield from (style.paint(line, hue) for line in style.wrap(words, "", ""))
    if delta:
        yield from _delta(subject.base, delta, style)
    yield from _drivers(estimate, style)
    yield from _gpus(estimate, style)
    if estimate.layer:
        yield ""
        yield from style.wrap(room_words(estimate.layer), "", "")
    yield from _unpriced(estimate, style)
    for warning in estimate.warnings:
        yield from style.wrap(warning, "  ! ", "    ")


_UNITS = {"gib": "GiB", "gib-month": "GiB-month"}
_COUNTED = ("hour", "month", "item")


def _row(name: str, values: tuple[str, str, str]) -> str:
    # a mark after an amount has a place of its own, so that digits stand below digits
    cells = (value if value.endswith(OLD) else f"{value} " for value in values)
    return (f"{name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)).rstrip()


def _delta(base: str, delta: CostDelta, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(f"Change from {base}", "bold")
    for name, change in delta.by_component.items():
        yield _row(f"  {name or '(none)'}", change_cells(change))
    yield style.paint(_row("  Total", change_cells(delta.total)), "bold")
    if words := shared_words(delta):
        yield from style.wrap(words, "  ", "  ")
    if delta.total.unknown:
        yield "  A price is missing on one side, so the difference is unknown:"
    for reason in delta.total.unknown:
        yield from style.wrap(reason, "  · ", "    ")


def _drivers(estimate: Estimate, style: Style) -> Iterator[str]:
    largest = range_drivers(estimate)
    if not largest:
        return
    yield ""
    yield style.paint("Largest parts of the range between idle and at most", "bold")
    for driver in largest:
        unit = _UNITS.get(driver.unit, driver.unit)
        bounds = f"{_number(driver.count.low)} to {_number(driver.count.high)}"
        amount = f"{bounds} x" if driver.unit in _COUNTED else f"{bounds} {unit} of"
        text = f"{driver.share:4.0%}  {driver.component or '(none)'}: {amount} {driver.what}"
        yield from style.wrap(f"{text}, at {driver.price:g} USD per {unit}", "  ", "        ")


def _number(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 or amount == int(amount) else f"{amount:,.1f}"


def _gpus(estimate: Estimate, style: Style) -> Iterator[str]:
    if not estimate.gpu:
        return
    yield ""
    yield style.paint("Accelerator hours, and their cost with the machines (idle · expected · at most)", "bold")
    rows = [
        (
            gpu.user,
            gpu.accelerator,
            gpu.way,
            f"{accelerator_hours(gpu.hours)} h",
            " · ".join(range_cells(gpu.monthly, gpu.marks)) if gpu.monthly else "no price",
        )
        for gpu in estimate.gpu
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        user, accelerator, way, hours, cost = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {user}  {accelerator}  {way}  {hours.strip():>{widths[3]}}  {cost}".rstrip()


def _unpriced(estimate: Estimate, style: Style) -> Iterator[str]:
    if not estimate.unpriced and not estimate.beside:
        return
    yield ""
    yield style.paint("Not in the estimate", "bold")
    for missing in estimate.unpriced:
        yield from style.wrap(f"{missing.count} x {missing.type}: {missing.reason}", "  · ", "    ")
    for what, reason in estimate.beside:
        yield from style.wrap(f"{what}: {reason}", "  · ", "    ")
