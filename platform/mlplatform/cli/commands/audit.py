"""`mlplatform audit`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("audit")
@options.ENVIRONMENTS
@options.RECORDS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context, environments: tuple[str, ...], records: Path | None, form: str, output: Path | None
) -> None:
    """Print who released what and who took it back: every change of the records of releases that Git knows.

    The newest change first: day, commit, place, what served before and after, the approver that the record names, who
    made or merged the commit, and gates that were overruled. What Git cannot say is told: a record that it does not
    have, or a shallow clone. Exits with 0, or with 2 where there is no record.

    \b
    Examples:
      mlplatform audit --environment prod
      mlplatform audit --format json -o audit.json
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.lineage.audit import ReleaseChange, changes_of
    from mlplatform.lineage.history import is_shallow
    from mlplatform.lineage.records import find_records, read_records
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.views.lineage.audit import audit_json, audit_text

    try:
        folder = find_records(records)
        found = read_records(folder, environments)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    changes: list[ReleaseChange] = []
    gaps: list[str] = []
    for each in found:
        file = folder / f"{each.environment}.json"
        made = changes_of(file)
        if made is None:
            gaps.append(f"{each.environment}: Git does not have the record, so that nobody can say who changed it")
            continue
        changes += made
        if is_shallow(file):
            gaps.append(f"{each.environment}: a shallow clone; earlier changes are not here: git fetch --unshallow")
    # what is not committed yet is the newest
    changes.sort(key=lambda change: change.day or "9999", reverse=True)
    style = terminal_style(ctx, file=output is not None)
    deliver_document(ctx, audit_json(changes, gaps) if form == "json" else audit_text(changes, gaps, style), output)
