"""From the arguments of `mlplatform cost` to estimates."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.inputs import Side
    from mlplatform.plan.cost import CostDelta, Estimate, Prices, Usage
    from mlplatform.plan.model import Plan

FROM_SPEC = "spec"
"""Stands for a budget that the spec states."""


def read_usage(ctx: click.Context, file: Path | None) -> Usage:
    """A usage file, or the defaults; where it is refused, every problem is printed and the command exits with 2."""
    from mlplatform.plan.cost.usage import DEFAULT
    from mlplatform.plan.cost.usage_file import read_usage_file
    from mlplatform.reading.partial import Unacceptable

    if file is None:
        return DEFAULT
    try:
        return read_usage_file(file)
    except Unacceptable as refused:
        from mlplatform.cli.printing.terminal import terminal
        from mlplatform.views.spec import problems

        style = terminal(ctx, sys.stderr)
        click.echo(problems.text(refused.problems, style), err=True, color=style.color)
        ctx.exit(2)


def read_prices(files: tuple[Path, ...]) -> dict[str, Prices]:
    """Price files by cloud, later ones over earlier ones.

    Raises:
        click.ClickException: one of them is none.
    """
    from mlplatform.catalog.reader import CatalogError
    from mlplatform.plan.cost.price_file import packaged_prices, read_price_file

    found: dict[str, Prices] = {}
    for file in files:
        try:
            prices = read_price_file(file)
        except CatalogError as error:
            raise click.ClickException(f"--prices: {error}") from error
        found[prices.cloud] = prices.over(found.get(prices.cloud) or packaged_prices(prices.cloud))
    return found


def estimates(side: Side, usage: Usage, prices: Mapping[str, Prices]) -> list[Estimate]:
    """One estimate per cloud of a side."""
    return [_estimate(plan, usage, prices) for _, plan in sorted(side.plans.items())]


def deltas(base: Side, head: Side, usage: Usage, prices: Mapping[str, Prices]) -> list[CostDelta]:
    """One comparison per cloud of either side; what one side lacks costs nothing."""
    from mlplatform.plan.cost import delta
    from mlplatform.plan.model import Plan

    found: list[CostDelta] = []
    for cloud in sorted({*base.plans, *head.plans}):
        nothing = Plan(cloud, "", "", ())
        before, after = (_estimate(side.plans.get(cloud, nothing), usage, prices) for side in (base, head))
        found.append(delta(before, after))
    return found


def _estimate(plan: Plan, usage: Usage, prices: Mapping[str, Prices]) -> Estimate:
    from mlplatform.plan.cost import estimate

    return estimate(plan, usage, prices.get(plan.cloud))


def amount(budget: str | None) -> float | None:
    """The budget that an option names, US dollars a month; None where it names none.

    Raises:
        click.UsageError: it is no amount.
    """
    if budget is None or budget == FROM_SPEC:
        return None
    try:
        found = float(budget.replace("_", "").replace(",", ""))
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise click.UsageError(
            f"--budget: got '{budget[:40]}', expected US dollars a month, for example --budget=40000"
        )
    return found


def limit(side: Side, budget: str | None, cloud: str) -> float | None:
    """The budget of one cloud, US dollars a month; None where none is asked for.

    Args:
        side: whose spec states the budget, where the option names no amount.
        budget: the option as it was given.
        cloud: which target.

    Raises:
        click.UsageError: it is neither an amount nor stated by the spec.
    """
    if budget != FROM_SPEC:
        return amount(budget)
    if side.spec is None:
        raise click.UsageError(f"--budget: {side.label} is no spec that states one; give an amount: --budget=40000")
    stated = side.spec.on(cloud).budget
    if stated is None:
        raise click.UsageError(f"--budget: {side.label} states none; add BudgetSpec(monthly_usd=…) or give an amount")
    return float(stated.monthly_usd)
