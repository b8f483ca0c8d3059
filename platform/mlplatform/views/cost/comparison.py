"""Targets side by side, in each form of a cost document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform.plan.cost.comparison import ComparedPrice, CostComparison
from mlplatform.plan.cost.model import Mark
from mlplatform.views.cost.amounts import ESTIMATE, OLD, dollars, mark_amount, mark_legend
from mlplatform.views.escape import code, escape
from mlplatform.views.style import Style

_NAME = 38
_LEAST = 16
_SHOWN = 12
"""Prices that are listed; the rest is counted."""
_NO_PRICE = "no price"
_TITLE = "Targets side by side: US dollars a month, as expected"
_PRICES = "Prices that differ, US dollars"

Row = tuple[str, tuple[str, ...]]
"""A name, and a cell for each target."""


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """The words of a comparison, which every form shows."""

    amounts: tuple[Row, ...]
    """By capability, US dollars a month, as expected."""

    total: Row
    """What has a price."""

    legend: str
    """What the marks of the amounts mean; empty without any."""

    prices: tuple[Row, ...]
    """Prices that differ: the missing ones first, then those with the largest effect. The rest is in JSON."""

    note: str
    """What the marks of the prices mean, and how many more there are; empty without any."""


def comparison_table(comparison: CostComparison) -> ComparisonTable:
    """The rows of a comparison."""
    return ComparisonTable(
        tuple(_amounts(comparison)),
        _total(comparison),
        mark_legend(frozenset[Mark]().union(*(marks for _, marks in comparison.totals))),
        tuple((_name(price), _cells(price)) for price in comparison.prices[:_SHOWN]),
        _rest(comparison),
    )


def comparison_text(comparison: CostComparison, style: Style) -> Iterator[str]:
    """Lines of text."""
    width = max(_LEAST, *(len(each) + 2 for each in (*comparison.targets, *comparison.regions)))
    table = comparison_table(comparison)

    def row(name: str, cells: tuple[str, ...]) -> str:
        padded = (cell if cell.endswith(OLD) else f"{cell} " for cell in cells)
        return (f"{name:<{_NAME}}" + "".join(f"{cell:>{width}}" for cell in padded)).rstrip()

    yield style.paint(_TITLE, "bold")
    yield style.paint(row("", comparison.targets), "dim")
    if any(comparison.regions):
        yield style.paint(row("", comparison.regions), "dim")
    for title, cells in table.amounts:
        yield row(title, cells)
    yield style.paint(row(*table.total), "bold")
    if table.legend:
        yield style.paint(table.legend, "dim")
    if table.prices:
        yield ""
        yield style.paint(_PRICES, "bold")
        for name, cells in table.prices:
            yield row(f"  {name}"[: _NAME - 1], cells)
        yield from style.wrap(table.note, "  ", "  ") if table.note else ()


def comparison_markdown(comparison: CostComparison) -> Iterator[str]:
    """Lines of markdown."""
    table = comparison_table(comparison)
    heads = [
        escape(f"{target}, {region}" if region else target)
        for target, region in zip(comparison.targets, comparison.regions, strict=True)
    ]
    yield from (f"### {_TITLE}", "")
    yield f"| | {' | '.join(heads)} |"
    yield "|---|" + "--:|" * len(heads)
    for title, cells in table.amounts:
        yield f"| {escape(title)} | {' | '.join(cells)} |"
    name, totals = table.total
    yield f"| **{name}** | {' | '.join(f'**{cell}**' for cell in totals)} |"
    if table.prices:
        yield from ("", f"<details><summary>{_PRICES}</summary>", "")
        yield f"| | {' | '.join(heads)} |"
        yield "|---|" + "--:|" * len(heads)
        for name, cells in table.prices:
            yield f"| {code(name)} | {' | '.join(cells)} |"
        yield from ("", escape(table.note)) if table.note else ()
        yield from ("", "</details>")


def comparison_json(comparison: CostComparison) -> dict[str, object]:
    """The comparison for tools: expected amounts, every price."""
    return {
        "targets": [
            {
                "target": target,
                "region": region,
                "total": round(total.expected, 2),
                "whole": whole,
                "marks": sorted(marks),
                "by_capability": {
                    each.title: round(amount[0].expected, 2)
                    for each in comparison.capabilities
                    if (amount := each.amounts[index])
                },
            }
            for index, (target, region, (total, marks), whole) in enumerate(
                zip(comparison.targets, comparison.regions, comparison.totals, comparison.whole, strict=True)
            )
        ],
        "prices": [
            {
                "sku": price.sku,
                "unit": price.unit,
                "usd": [line.price if line else None for line in price.prices],
                "region": [line.region if line else None for line in price.prices],
                "stands_in": list(price.stands_in),
                "missing": list(price.missing),
            }
            for price in comparison.prices
        ],
    }


def _amounts(comparison: CostComparison) -> Iterator[Row]:
    for each in comparison.capabilities:
        cells = (
            mark_amount(dollars(amount[0].expected), amount[1]) if amount else _NO_PRICE if missing else "-"
            for amount, missing in zip(each.amounts, each.missing, strict=True)
        )
        yield each.title, tuple(cells)


def _total(comparison: CostComparison) -> Row:
    name = "Total" if all(comparison.whole) else "Total of what has a price"
    return name, tuple(mark_amount(dollars(total.expected), marks) for total, marks in comparison.totals)


def _name(price: ComparedPrice) -> str:
    return f"{price.sku}, {price.unit}" if price.unit else price.sku


def _cells(price: ComparedPrice) -> tuple[str, ...]:
    return tuple(
        _NO_PRICE if missing else f"{ESTIMATE if line.estimate else ''}{line.price:g}" if line else "-"
        for line, missing in zip(price.prices, price.missing, strict=True)
    )


def _rest(comparison: CostComparison) -> str:
    more = len(comparison.prices) - _SHOWN
    rest = f"{more} more are in --format json. " if more > 0 else ""
    shown = comparison.prices
    stands = f"{ESTIMATE} is the price of another region. " if any(any(each.stands_in) for each in shown) else ""
    lack = f"'{_NO_PRICE}': the region has none, and the total lacks it." if any(any(p.missing) for p in shown) else ""
    return f"{rest}{stands}{lack}".strip()
