"""`mlplatform risk`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from mlplatform.cli import options
from mlplatform.plan.finding import LEVELS, Level


@click.command("risk")
@click.argument("base")
@click.argument("head", required=False)
@options.target_options
@options.LAYER
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="high",
    show_default=True,
    help="Exit with 1 where a finding of this level or worse is not accepted.",
)
@options.ACCEPTED
@options.TRUST
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    targets: tuple[str, ...],
    fail_on: str,
    accepted: Path | None,
    trust: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Classify every change from BASE to HEAD: data loss, downtime, access, exposure, encryption, cost, quotas, names.

    BASE and HEAD are what `mlplatform diff` takes: spec files, stacks, plan, preview or state files, `REVISION:stack`.
    A preview file alone is compared with the deployed state that it contains. Exits with 0, with 1 where a finding
    reaches --fail-on or an acceptance has expired, with 2 where an input is refused.

    \b
    Examples:
      mlplatform risk main..HEAD prod
      mlplatform risk preview.json --fail-on critical
      mlplatform risk stacks/staging.py stacks/prod.py --target aws
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.cli.sides.reviews import STOPPED, read_reviews
    from mlplatform.views.risk import risk

    _, reviews = read_reviews(ctx, base, head, targets, accepted, trust)
    text = (
        risk.document(reviews) if form == "json" else risk.text(reviews, terminal_style(ctx, file=output is not None))
    )
    deliver_document(ctx, text, output)
    # click lets no other level through
    if any(review.stops(cast("Level", fail_on)) for review in reviews):
        ctx.exit(STOPPED)
