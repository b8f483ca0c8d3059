"""`mlplatform inventory`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.lineage.records import ReleasedEntry
    from mlplatform.spec.platform import PlatformSpec


@click.command("inventory")
@click.argument("specs", nargs=-1, metavar="[SPEC...]")
@options.RECORDS
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "markdown"]), default="text", show_default=True
)
@options.OUTPUT
@click.pass_context
def command(ctx: click.Context, specs: tuple[str, ...], records: Path | None, form: str, output: Path | None) -> None:
    """List all models: owner, class of data, versions by environment and target, approver, day of release, last review.

    Reads the records of releases, and one SPEC per environment; without SPEC, every stack of the project that has its
    environment's name, or with --records the stack of each record. Models that a spec names and nobody released are
    listed too, also before there is any record. The day of a release comes from Git; where Git does
    not know it, that is said. Exits with 0, or with 2 where a spec or record is refused.

    \b
    Examples:
      mlplatform inventory
      mlplatform inventory dev prod --format csv -o models.csv
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.lineage.inventory import list_models
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.views.lineage import inventory as view

    if specs and records is not None:
        raise click.UsageError("--records: got a folder beside SPEC, whose own record is read; leave one of them out")
    try:
        rows = list_models(
            *(_of_specs(ctx, specs) if specs else _of_folder(ctx, records) if records else _of_project(ctx))
        )
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    if form == "text":
        text = view.inventory_text(rows, terminal_style(ctx, file=output is not None))
    elif form == "csv":
        text = view.inventory_csv(rows)
    else:
        text = view.inventory_json(rows) if form == "json" else view.inventory_markdown(rows)
    deliver_document(ctx, text, output)


def _of_specs(ctx: click.Context, specs: Sequence[str]) -> tuple[tuple[ReleasedEntry, ...], dict[str, PlatformSpec]]:
    """The releases in the records beside specs.

    Raises:
        Unacceptable: two specs are of one environment, and one of them would hide the other.
    """
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.lineage.records import entries
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.reading.record_file import record_file
    from mlplatform.spec.problem import Problem

    loaded: dict[str, PlatformSpec] = {}
    found: list[ReleasedEntry] = []
    for spec in specs:
        platform = load_spec(ctx, spec)
        if platform.environment in loaded:
            got = f"{spec}, the second one of {platform.environment}"
            raise Unacceptable(Problem("SPEC", got, "one spec for each environment", "leave one of them out"))
        loaded[platform.environment] = platform
        if platform.record:
            found += entries((platform.record,), record_file(find_spec_file(spec), platform).parent)
    return tuple(found), loaded


def _of_project(ctx: click.Context) -> tuple[tuple[ReleasedEntry, ...], dict[str, PlatformSpec]]:
    """The releases and the specs of all environments of the project, those without a record too."""
    from mlplatform.lineage.records import find_stacks
    from mlplatform.reading.file import SUFFIXES
    from mlplatform.reading.load import load
    from mlplatform.spec.releases import RECORD_FOLDER

    stacks = find_stacks()
    loaded: dict[str, PlatformSpec] = {}
    for file in sorted(stacks.iterdir()):
        if file.suffix not in SUFFIXES or file.name.startswith(_SETTINGS):
            continue
        found = load(file)
        if found.spec is None:
            click.echo(
                f"left out: {file.name}, which is no valid spec; see `mlplatform validate {file.stem}`", err=True
            )
        elif found.spec.environment == file.stem:
            loaded[file.stem] = found.spec
    records = stacks / RECORD_FOLDER
    if loaded and not any(records.glob("*.json")):
        return (), loaded
    released, of_records = _of_folder(ctx, records)
    return released, {**loaded, **of_records}


_SETTINGS = "Pulumi."
"""Beginning of the names of Pulumi's own files beside the specs."""


def _of_folder(ctx: click.Context, records: Path) -> tuple[tuple[ReleasedEntry, ...], dict[str, PlatformSpec]]:
    """The releases in all records of a folder, with the spec of each environment, which is beside the folder."""
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.lineage.records import entries, find_records, read_records
    from mlplatform.reading.file import SUFFIXES

    folder = find_records(records)
    read = read_records(folder)
    loaded: dict[str, PlatformSpec] = {}
    for each in read:
        files = [file for suffix in SUFFIXES if (file := folder.parent / f"{each.environment}{suffix}").is_file()]
        loaded[each.environment] = load_spec(ctx, str(files[0]) if files else each.environment)
    return entries(read, folder), loaded
