"""`mlplatform cost`, and `mlplatform cost refresh`."""

from __future__ import annotations

from pathlib import Path

import click

OVER = 1
"""Exit code where the expected cost is over the budget."""
REFRESH = "refresh"
"""First argument that asks for prices instead of an estimate."""


class _Cost(click.Command):
    """An estimate; with `refresh` as first argument, the command that renews prices."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        if args[:1] == [REFRESH]:
            from mlplatform.cli.commands.cost_refresh import refresh

            return refresh.make_context(f"{info_name} {REFRESH}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)  # pyright: ignore


@click.command(
    "cost",
    cls=_Cost,
    short_help="Estimate what a month costs, or what a change adds.",
    epilog="`mlplatform cost refresh --help` tells how to renew the prices.",
)
@click.argument("base", metavar="[BASE] TARGET")
@click.argument("head", required=False, metavar="")
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="This target only; may be repeated. Omitted: all."
)
@click.option(
    "--usage",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What usage decides (YAML, see docs/cost.md). Omitted: the documented defaults.",
)
@click.option(
    "--prices",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Prices over those that come with the package (TOML, see docs/cost.md); may be repeated.",
)
@click.option(
    "--budget",
    is_flag=False,
    flag_value="spec",
    metavar="[=USD]",
    help="Exit with 1 where a cloud's expected cost is over this. Without amount: the spec's budget.",
)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    clouds: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    budget: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Estimate a month of TARGET, offline: at idle, as expected, at most; with BASE, what changes from it.

    TARGET and BASE are what `mlplatform diff` takes: spec files, stacks, plan, preview or state files,
    `REVISION:stack`. What has no price is listed. Exits with 0, with 1 over the budget, with 2 where an input is
    refused.

    \b
    Examples:
      mlplatform cost prod
      mlplatform cost prod --cloud aws --usage usage.yaml --budget
      mlplatform cost main..HEAD prod --format markdown
    """
    from mlplatform.cli.commands import costing
    from mlplatform.cli.printing.terminal import terminal
    from mlplatform.cli.sides.inputs import read_pair, read_side
    from mlplatform.views.cost import common as cost

    costing.amount(budget)  # refused before anything is planned
    amounts, over = costing.read_usage(ctx, usage), costing.read_prices(prices)
    clouds = tuple(dict.fromkeys(clouds))
    if head is None:
        side = read_side(ctx, base, clouds, resolve=True)
        found = costing.estimates(side, amounts, over)
        subject = cost.Subject(
            side.label, tuple(found), budgets={e.cloud: costing.limit(side, budget, e.cloud) for e in found}
        )
    else:
        pair = read_pair(ctx, base, head, clouds, resolve=True)
        changes = costing.deltas(pair.base, pair.head, amounts, over)
        after = tuple(change.after for change in changes)
        limits = {e.cloud: costing.limit(pair.head, budget, e.cloud) for e in after}
        subject = cost.Subject(pair.head.label, after, tuple(changes), pair.base.label, limits)
    text = cost.document(subject, form, terminal(ctx, file=output is not None))
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
    if subject.over:
        for cloud, expected, limit in subject.over:
            click.echo(f"{cloud}: {expected:,.0f} USD expected, over the budget of {limit:,.0f} USD", err=True)
        ctx.exit(OVER)
