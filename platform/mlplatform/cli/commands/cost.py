"""`mlplatform cost`, and `mlplatform cost refresh`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.cli.sides.model import Pair, Side
    from mlplatform.plan.cost import CostDelta, Estimate, Prices, Usage
    from mlplatform.plan.model import Plan

OVER = 1
"""Exit code where the expected cost is over the budget."""
UNKNOWN = 3
"""Exit code where nobody can say whether the cost is within the budget, because prices are missing."""
REFRESH = "refresh"
"""First argument that asks for prices instead of an estimate."""
FROM_SPEC = "spec"
"""Value of --budget without an amount: the budget of the spec."""


class _Cost(click.Command):
    """An estimate; with `refresh` as first argument, the command that renews prices."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        if args[:1] == [REFRESH]:
            return refresh.make_context(f"{info_name} {REFRESH}", args[1:], parent, **extra)  # pyright: ignore
        return super().make_context(info_name, args, parent, **extra)  # pyright: ignore


@click.command("cost", cls=_Cost, epilog="`mlplatform cost refresh --help` shows how to renew the prices.")
@click.argument("base", metavar="[BASE] TARGET")
@click.argument("head", required=False, metavar="")
@options.target_options
@options.LAYER
@options.USAGE
@options.PRICES
@options.EXACT
@click.option(
    "--budget",
    is_flag=False,
    flag_value=FROM_SPEC,
    metavar="[=USD]",
    help="Exit with 1 where a target's expected cost is over this amount, and with 3 where missing prices leave that "
    "open. Without amount: the spec's budget.",
)
@click.option(
    "--accept-unpriced",
    "accepted",
    multiple=True,
    metavar="NAME",
    help="With --budget: judge without this missing price, for example machine/p5e.48xlarge or 'serving/*'; may be "
    "repeated.",
)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    targets: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    exact: bool,
    budget: str | None,
    accepted: tuple[str, ...],
    form: str,
    output: Path | None,
) -> None:
    """Estimate a month of TARGET, offline: at idle, as expected, at most; with BASE, also the change from it.

    TARGET and BASE are what `mlplatform diff` takes: spec files, stacks, plan, preview or state files,
    `REVISION:stack`. A missing price is that of the nearest region with one, marked with ~; what has none is listed.
    Endpoints that wait for a release are counted as released. Exits with 0, with 1 over the budget, with 2 where an
    input is refused, with 3 where missing prices leave open whether it is within the budget.

    \b
    Examples:
      mlplatform cost prod
      mlplatform cost prod --target aws --usage usage.yaml --budget
      mlplatform cost main..HEAD prod --format markdown
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.cli.sides.argument import read_side
    from mlplatform.cli.sides.pairs import read_pair
    from mlplatform.plan.cost.accepted import accept_missing
    from mlplatform.views.cost.document import cost_document
    from mlplatform.views.cost.subject import CostSubject

    _amount(budget)  # refused before anything is planned
    if accepted and budget is None:
        raise click.UsageError("--accept-unpriced: it says what --budget is judged without; give --budget, too")
    amounts, known = read_usage(ctx, usage), read_prices(prices, exact=exact)

    def priced(plan: Plan, side: Side, target: str) -> Estimate:
        return accept_missing(_estimate(plan, side, target, amounts, known(plan.cloud)), accepted)

    if head is None:
        side = read_side(ctx, base, targets, resolve=True)
        estimates = [priced(plan, side, name) for name, plan in sorted(side.plans.items())]
        limits = {estimate.target: _limit(side, budget, estimate.target) for estimate in estimates}
        subject = CostSubject(side.label, tuple(estimates), budgets=limits)
    else:
        pair = read_pair(ctx, base, head, targets)
        deltas = _deltas(pair, priced)
        after = tuple(delta.after for delta in deltas)
        limits = {estimate.target: _limit(pair.head, budget, estimate.target) for estimate in after}
        subject = CostSubject(pair.head.label, after, tuple(deltas), pair.base.label, limits)
    deliver_document(ctx, cost_document(subject, form, terminal_style(ctx, file=output is not None)), output)
    for target, expected, limit in subject.over:
        click.echo(f"{target}: {expected:,.0f} USD expected, over the budget of {limit:,.0f} USD", err=True)
    for estimate in subject.unknown:
        click.echo(_open(estimate), err=True)
    if unused := set(accepted).difference(*(estimate.accepted for estimate in subject.estimates)):
        click.echo(f"--accept-unpriced: no price is missing for {', '.join(sorted(unused))}; leave it out", err=True)
    if subject.over or subject.unknown:
        ctx.exit(OVER if subject.over else UNKNOWN)


def _open(estimate: Estimate) -> str:
    """Why nobody can say whether an estimate is within its budget, and how to get the prices."""
    from mlplatform.views.cost.verdict import missing_names

    return (
        f"{estimate.target}: nobody can say whether the cost is within the budget: no price for "
        f"{missing_names(estimate)}. Give it with --prices, or name another region under price_region in a usage file "
        f"(--usage), or judge without it: --accept-unpriced NAME"
    )


@click.command("refresh")
@click.option("--cloud", required=True, metavar="CLOUD", help="Cloud to read prices of: aws, gcp or azure.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Region to read; may be repeated. Omitted: the region of the catalogue's prices.",
)
@click.option(
    "--url", metavar="URL", help="Another address of the price list, for example a mirror. Omitted: the vendor's."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Price file to write, for --prices.",
)
@click.pass_context
def refresh(ctx: click.Context, cloud: str, regions: tuple[str, ...], url: str | None, output: Path) -> None:
    """Read the prices that estimates need from a cloud's public price list, and write them to a price file.

    AWS (offer files) and Azure (Retail Prices API) need no account; GCP (Cloud Billing Catalog API) needs an API key in
    GOOGLE_API_KEY. Exits with 2 and writes nothing where the list cannot be read.

    \b
    Examples:
      mlplatform cost refresh --cloud aws --region eu-west-1 -o prices-aws.toml
      mlplatform cost prod --prices prices-aws.toml
    """
    from mlplatform.cli.printing.output import write_file
    from mlplatform.plan.cost.refresh import NotRefreshed, refresh_prices

    try:
        text, count = refresh_prices(cloud, regions, url)
    except NotRefreshed as error:
        raise click.ClickException(str(error)) from error
    write_file(output, text)
    click.echo(f"{count} prices written to {output}", err=True, color=ctx.color)


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
        from mlplatform.cli.printing.terminal import refuse

        refuse(ctx, refused.problems)


def read_prices(files: tuple[Path, ...], *, exact: bool) -> Callable[[str], Prices]:
    """The prices of a cloud, by its name: price files over those of the package; later files override earlier ones.

    Args:
        files: price files.
        exact: whether nothing stands in for a missing price.

    Raises:
        click.ClickException: one of them is no price file.
    """
    from mlplatform.catalog.reader import CatalogError
    from mlplatform.plan.cost.price_file import packaged_prices, read_price_file

    by_cloud: dict[str, Prices] = {}
    for file in files:
        try:
            prices = read_price_file(file)
        except CatalogError as error:
            raise click.ClickException(f"--prices: {error}") from error
        by_cloud[prices.cloud] = prices.over(by_cloud.get(prices.cloud) or packaged_prices(prices.cloud))
    return lambda cloud: replace(by_cloud.get(cloud) or packaged_prices(cloud), exact=exact)


def _deltas(pair: Pair, priced: Callable[[Plan, Side, str], Estimate]) -> list[CostDelta]:
    """One comparison per target of either side; a target that one side lacks costs nothing there."""
    from mlplatform.plan.cost import delta
    from mlplatform.plan.cost.attribution import attribute_cost

    touched = {diff.target: {change.step.urn for change in diff.changes} for diff in pair.diffs()}
    deltas: list[CostDelta] = []
    for target in pair.targets:
        sides = zip(pair.plans(target), (pair.base, pair.head), strict=True)
        compared = delta(*(priced(plan, side, target) for plan, side in sides))
        deltas.append(attribute_cost(compared, touched[target]))
    return deltas


def _estimate(plan: Plan, side: Side, target: str, usage: Usage, prices: Prices) -> Estimate:
    """The estimate of one plan of a side, with everything released that its spec names."""
    from mlplatform.plan.cost import estimate
    from mlplatform.plan.cost.released import priced_plan, say_released

    priced = priced_plan(plan, side.spec, target)
    return say_released(estimate(priced, usage, prices), side.spec, target)


def _amount(budget: str | None) -> float | None:
    """The amount of --budget, US dollars a month; None where it has none."""
    if budget is None or budget == FROM_SPEC:
        return None
    try:
        amount = float(budget.replace("_", "").replace(",", ""))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise click.UsageError(
            f"--budget: got '{budget[:40]}', expected US dollars a month, for example --budget=40000"
        )
    return amount


def _limit(side: Side, budget: str | None, target: str) -> float | None:
    """The budget of one target, from --budget or the side's spec; None without the option."""
    if budget != FROM_SPEC:
        return _amount(budget)
    if side.spec is None:
        raise click.UsageError(f"--budget: {side.label} is not a spec with a budget; give an amount: --budget=40000")
    stated = side.spec.on(target).budget
    if stated is None:
        raise click.UsageError(
            f"--budget: {side.label} states no budget; set budget.monthly_usd in it, or give an amount: --budget=40000"
        )
    return float(stated.monthly_usd)
