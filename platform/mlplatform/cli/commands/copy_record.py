"""`mlplatform copy-record`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.promote.record_copy import RecordOrigin

REFUSED = 1
"""Exit code where a copy was not written."""


@click.command("copy-record")
@click.argument("spec", metavar="SPEC")
@options.target_options
@click.option(
    "--changed",
    metavar="TIME",
    help="When the record was changed, in ISO 8601 with an offset. Omitted: when the commit was made that is checked "
    "out; without Git it is needed.",
)
@click.option("--dry-run", is_flag=True, help="Print the copies, and write nothing.")
@click.pass_context
def command(ctx: click.Context, spec: str, targets: tuple[str, ...], changed: str | None, dry_run: bool) -> None:
    """Copy the record of releases of SPEC to the store of each target, after a successful `up`.

    The file in Git is the truth. Gates of runs that are under way read the copy at the moment they judge, and so see
    what is released by then. It goes to one object of the store, `_released/record.json` in `models`, with the login of
    the cloud's own command line (aws, gcloud, az). An earlier record never replaces a later one: Git says which of two
    commits is the later one, or where it knows only one of them, their times do. The same record again changes nothing.

    Exits with 0, with 1 where a copy was not written, with 2 where the spec or the record is refused.

    \b
    Examples:
      mlplatform copy-record prod --target aws
      mlplatform copy-record prod --dry-run
      mlplatform copy-record prod --changed 2026-11-30T09:00:00+00:00
    """
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets
    from mlplatform.components.record_copy import record_copy
    from mlplatform.promote.carry_out import run_command
    from mlplatform.promote.record_copy import NotCopied, ancestry, copy_record, origin_of
    from mlplatform.reading.load import load
    from mlplatform.reading.record_file import record_file

    loaded = load(spec)
    if loaded.spec is None or loaded.problems:
        refuse(ctx, loaded.problems)
    platform = loaded.spec
    chosen = choose_targets(platform, targets)
    file = record_file(Path(loaded.file), platform)
    failed = False
    try:
        origin = _given(changed) if changed else origin_of(file)
    except NotCopied as refused:
        click.echo(str(refused), err=True)
        ctx.exit(REFUSED)
    for name in chosen:
        narrowed = platform.on(name)
        if dry_run:
            click.echo(record_copy(narrowed, origin.commit, origin.changed).text(), nl=False)
            continue
        try:
            result = copy_record(narrowed, origin, ancestry(file.absolute().parent.parent), run_command)
            click.echo(f"{name}: {_WORDS[result]}")
        except NotCopied as refused:
            failed = True
            click.echo(f"{name}: not copied: {refused}", err=True)
    if failed:
        ctx.exit(REFUSED)


_WORDS = {"written": "the record is copied", "unchanged": "the copy says the same already"}


def _given(changed: str) -> RecordOrigin:
    from mlplatform.promote.record_copy import RecordOrigin

    try:
        moment = datetime.fromisoformat(changed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.UsageError(
            f"--changed: got '{changed[:40]}', expected a time with its offset, as 2026-11-30T09:00:00+00:00"
        )
    return RecordOrigin("", moment)
