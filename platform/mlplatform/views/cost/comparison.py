"""Targets side by side, in each form of a cost document."""

from __future__ import annotations

from collections.abc import Iterator

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


def comparison_text(comparison: CostComparison, style: Style) -> Iterator[str]:
    """Lines of text."""
    width = max(_LEAST, *(len(each) + 2 for each in (*comparison.targets, *comparison.regions)))

    def row(name: str, cells: tuple[str, ...]) -> str:
        padded = (cell if cell.endswith(OLD) else f"{cell} " for cell in cells)
        return (f"{name:<{_NAME}}" + "".join(f"{cell:>{width}}" for cell in padded)).rstrip()

    yield style.paint(_TITLE, "bold")
    yield style.paint(row("", comparison.targets), "dim")
    if any(comparison.regions):
        yield style.paint(row("", comparison.regions), "dim")
    for title, cells in _amounts(comparison):
        yield row(title, cells)
    yield style.paint(row(*_total(comparison)), "bold")
    if legend := mark_legend(frozenset[Mark]().union(*(marks for _, marks in comparison.totals))):
        yield style.paint(legend, "dim")
    if comparison.prices:
        yield ""
        yield style.paint(_PRICES, "bold")
        for price in comparison.prices[:_SHOWN]:
            yield row(f"  {_name(price)}"[: _NAME - 1], _cells(price))
        yield from style.wrap(_rest(comparison), "  ", "  ") if _rest(comparison) else ()


def comparison_markdown(comparison: CostComparison) -> Iterator[str]:
    """Lines of markdown."""
    heads = [
        escape(f"{target}, {region}" if region else target)
        for target, region in zip(comparison.targets, comparison.regions, strict=True)
    ]
    yield from (f"### {_TITLE}", "")
    yield f"| | {' | '.join(heads)} |"
    yield "|---|" + "--:|" * len(heads)
    for title, cells in _amounts(comparison):
        yield f"| {escape(title)} | {' | '.join(cells)} |"
    name, totals = _total(comparison)
    yield f"| **{name}** | {' | '.join(f'**{cell}**' for cell in totals)} |"
    if comparison.prices:
        yield from ("", f"<details><summary>{_PRICES}</summary>", "")
        yield f"| | {' | '.join(heads)} |"
        yield "|---|" + "--:|" * len(heads)
        for price in comparison.prices[:_SHOWN]:
            yield f"| {code(_name(price))} | {' | '.join(_cells(price))} |"
        yield from ("", escape(_rest(comparison))) if _rest(comparison) else ()
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


def _amounts(comparison: CostComparison) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in comparison.capabilities:
        cells = (
            mark_amount(dollars(amount[0].expected), amount[1]) if amount else _NO_PRICE if missing else "-"
            for amount, missing in zip(each.amounts, each.missing, strict=True)
        )
        yield each.title, tuple(cells)


def _total(comparison: CostComparison) -> tuple[str, tuple[str, ...]]:
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
