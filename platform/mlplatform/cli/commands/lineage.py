"""`mlplatform lineage`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.lineage.derived import Derived

CONTRADICTION = 1
"""Exit code where two records say something different of one version."""


@click.command("lineage")
@click.argument("model", metavar="[MODEL[/VERSION]]", required=False)
@click.option(
    "--data",
    "data_version",
    metavar="VERSION",
    help="In place of MODEL: what learned from this version of the data, and the steps to delete it.",
)
@options.ENVIRONMENTS
@options.RECORDS
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    model: str | None,
    data_version: str | None,
    environments: tuple[str, ...],
    records: Path | None,
    form: str,
    output: Path | None,
) -> None:
    """Print where a model comes from, and where it serves: from the records of releases of all environments.

    For each place: version, files with their digests, image, version of the data, commit, run, how it was trained,
    gates, who approved it, since when (from Git), and the release before. What a record does not say is named. Exits
    with 0, with 1 where two records say something different of one version, with 2 where a record is refused or no
    record names the model.

    \b
    Examples:
      mlplatform lineage fraud
      mlplatform lineage fraud/7 --environment prod --format markdown
      mlplatform lineage --data claims@v7
    """
    if (model is None) == (data_version is None):
        raise click.UsageError("got both MODEL and --data, or none; give one of them")
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.lineage.chain import trace_model
    from mlplatform.lineage.derived import derived_from
    from mlplatform.lineage.records import entries, find_records, read_records
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.views.lineage.chain import chain_json, chain_markdown, chain_text

    try:
        folder = find_records(records)
        found = entries(read_records(folder, environments), folder)
        if model is None:
            derived = derived_from(found, data_version or "")
            deliver_document(ctx, _derived(ctx, derived, form, output), output)
            return
        chain = trace_model(found, model)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    if form == "text":
        text = chain_text(chain, terminal_style(ctx, file=output is not None))
    else:
        text = chain_json(chain) if form == "json" else chain_markdown(chain)
    deliver_document(ctx, text, output)
    if chain.contradictions:
        ctx.exit(CONTRADICTION)


def _derived(ctx: click.Context, derived: Derived, form: str, output: Path | None) -> str:
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.lineage.derived import derived_json, derived_text

    if form == "markdown":
        raise click.UsageError("--format: got markdown with --data, expected text or json")
    return derived_json(derived) if form == "json" else derived_text(derived, terminal_style(ctx, file=bool(output)))
