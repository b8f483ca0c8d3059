"""An estimate for people: by capability and component, accelerators, what is not priced."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost import CostDelta, Estimate, Range
from mlplatform.plan.cost.drivers import range_drivers
from mlplatform.views.cost.common import Subject, cells, dollars, hours, signed
from mlplatform.views.style import Style

_NAME = 38
_CELL = 12


def document(subject: Subject, style: Style) -> str:
    """One section per cloud."""
    lines: list[str] = []
    by_cloud = {delta.after.cloud: delta for delta in subject.deltas}
    for estimate in subject.estimates:
        lines += [*_section(subject, estimate, by_cloud.get(estimate.cloud), style), ""]
    return style.plain("\n".join(lines))


def _section(subject: Subject, estimate: Estimate, delta: CostDelta | None, style: Style) -> Iterator[str]:
    place = f", {estimate.region}" if estimate.region else ""
    yield style.paint(f"{subject.label} on {estimate.cloud}{place}: US dollars a month", "bold")
    yield style.paint(_row("", ("idle", "expected", "at most")), "dim")
    components = {r.component: r.capability for r in estimate.resources}
    by_component = estimate.by_component
    for title, monthly in estimate.by_capability.items():
        yield style.paint(_row(title, cells(monthly)), "bold")
        parts = [name for name, capability in components.items() if capability == title]
        for name in sorted(parts) if len(parts) > 1 else ():
            yield _row(f"  {name or '(none)'}", cells(by_component[name]))
    yield style.paint(_row("Total", cells(estimate.total)), "bold")
    if (limit := subject.budgets.get(estimate.cloud)) is not None:
        over = estimate.total.expected > limit
        verdict = "over the" if over else "within the"
        yield style.paint(f"expected is {verdict} budget of {dollars(limit)}", "red" if over else "green")
    if delta:
        yield from _delta(subject.base, delta, style)
    yield from _drivers(estimate, style)
    yield from _gpus(estimate, style)
    yield from _unpriced(estimate, style)
    for warning in estimate.warnings:
        yield from style.wrap(warning, "  ! ", "    ")


_UNITS = {"gib": "GiB", "gib-month": "GiB-month"}
_COUNTED = ("hour", "month", "item")


def _row(name: str, values: tuple[str, str, str]) -> str:
    return f"{name:<{_NAME}}" + "".join(f"{value:>{_CELL}}" for value in values)


def _delta(base: str, delta: CostDelta, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(f"Change from {base}", "bold")
    for name, change in delta.by_component.items():
        yield _row(f"  {name or '(none)'}", _signed(change.difference))
    yield style.paint(_row("  Total", _signed(delta.total.difference)), "bold")


def _drivers(estimate: Estimate, style: Style) -> Iterator[str]:
    largest = range_drivers(estimate)
    if not largest:
        return
    yield ""
    yield style.paint("Most of the range between idle and at most", "bold")
    for driver in largest:
        unit = _UNITS.get(driver.unit, driver.unit)
        bounds = f"{_number(driver.count.low)} to {_number(driver.count.high)}"
        amount = f"{bounds} x" if driver.unit in _COUNTED else f"{bounds} {unit} of"
        said = f"{driver.share:4.0%}  {driver.component or '(none)'}: {amount} {driver.what}"
        yield from style.wrap(f"{said}, at {driver.price:g} USD per {unit}", "  ", "        ")


def _number(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 or amount == int(amount) else f"{amount:,.1f}"


def _signed(amount: Range) -> tuple[str, str, str]:
    return signed(amount.low), signed(amount.expected), signed(amount.high)


def _gpus(estimate: Estimate, style: Style) -> Iterator[str]:
    if not estimate.gpu:
        return
    yield ""
    yield style.paint("Accelerator hours, and what they cost with their machines (idle · expected · at most)", "bold")
    for gpu in estimate.gpu:
        cost = " · ".join(cells(gpu.monthly)) if gpu.monthly else "not priced"
        yield f"  {gpu.user:<26} {gpu.accelerator:<14} {gpu.way:<12} {hours(gpu.hours):>26} h   {cost}"


def _unpriced(estimate: Estimate, style: Style) -> Iterator[str]:
    if not estimate.unpriced:
        return
    yield ""
    yield style.paint("Not in the estimate", "bold")
    for missing in estimate.unpriced:
        yield from style.wrap(f"{missing.count} x {missing.type}: {missing.reason}", "  · ", "    ")
