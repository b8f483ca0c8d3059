"""`mlplatform lineage`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options

CONTRADICTION = 1
"""Exit code where two records say something different of one version."""


@click.command("lineage")
@click.argument("model", metavar="MODEL[/VERSION]")
@options.ENVIRONMENTS
@options.RECORDS
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    model: str,
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
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.lineage.chain import trace_model
    from mlplatform.lineage.records import entries, find_records, read_records
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.views.lineage.chain import chain_json, chain_markdown, chain_text

    try:
        folder = find_records(records)
        chain = trace_model(entries(read_records(folder, environments), folder), model)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    if form == "text":
        text = chain_text(chain, terminal_style(ctx, file=output is not None))
    else:
        text = chain_json(chain) if form == "json" else chain_markdown(chain)
    deliver_document(ctx, text, output)
    if chain.contradictions:
        ctx.exit(CONTRADICTION)
