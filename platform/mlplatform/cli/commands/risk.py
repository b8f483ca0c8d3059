"""`mlplatform risk`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.plan.finding import LEVELS


@click.command("risk", short_help="Tell what is dangerous in a change, worst first.")
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Look at this target only; may be repeated. Omitted: all."
)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="high",
    show_default=True,
    help="Exit with 1 where something is as bad as this, or worse, and not accepted.",
)
@click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What the team has accepted. Omitted: mlplatform.accepted.yaml of the project, if there is one.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    clouds: tuple[str, ...],
    fail_on: str,
    accepted: Path | None,
    form: str,
    output: Path | None,
) -> None:
    """Classify every change from BASE to HEAD: data loss, downtime, access, exposure, encryption, cost, quotas, names.

    BASE and HEAD are what `mlplatform diff` takes: spec files, stacks, plan, preview or state files, `REVISION:stack`.
    A preview file alone is compared with what it says is there. Exits with 0, with 1 where something reaches
    --fail-on or an acceptance has expired, with 2 where an input is refused.

    \b
    Examples:
      mlplatform risk main..HEAD prod
      mlplatform risk preview.json --fail-on critical
      mlplatform risk stacks/staging.py stacks/prod.py --cloud aws
    """
    from mlplatform.cli.printing.terminal import terminal
    from mlplatform.cli.sides.reviews import FOUND, read_reviews
    from mlplatform.views.risk import risk

    _, reviews = read_reviews(ctx, base, head, clouds, accepted)
    text = risk.document(reviews) if form == "json" else risk.text(reviews, terminal(ctx, file=output is not None))
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
    if any(review.stops(next(level for level in LEVELS if level == fail_on)) for review in reviews):
        ctx.exit(FOUND)
