"""`mlplatform new`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.render.extensions.kinds import ExtensionKind

KINDS = ("backend", "capability", "check", "risk-rule")
"""What can be written."""


def _list(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    del param
    if value and not ctx.resilient_parsing:
        from mlplatform.render.extensions.kinds import FORMS

        for kind, form in FORMS.items():
            click.echo(f"{kind:<11} {form.meaning} ({form.group})")
        ctx.exit()


@click.command("new")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the package. Omitted: mlplatform-KIND-NAME in the working directory.",
)
@click.option(
    "--list", is_flag=True, expose_value=False, is_eager=True, callback=_list, help="Show what can be written."
)
def command(kind: ExtensionKind, name: str, out: Path | None) -> None:
    """Write a package of your own. KIND is backend (a cloud), capability, check or risk-rule.

    The package works as it is written: entry point, typed code, README, an example, and contract tests that say what is
    left to fill in. Installed beside mlplatform it is found by every command. A file that is there is never replaced:
    how it differs is shown. Exits with 2 where the name is refused; then nothing is written.

    \b
    Examples:
      mlplatform new check data-owner
      mlplatform new risk-rule queue-deleted
      mlplatform new backend orbit --out clouds/orbit
      mlplatform new capability label-store
    """
    from mlplatform.cli.sides.written import write_missing
    from mlplatform.render.extensions.files import NameRefused, extension_files, extension_name, project_name
    from mlplatform.render.extensions.kinds import FORMS

    try:
        plain = extension_name(kind, name)
    except NameRefused as error:
        raise click.UsageError(f"NAME: {error}") from error
    folder = out or Path(project_name(kind, plain))
    write_missing(folder, extension_files(kind, plain), "new")
    click.echo("\nNext")
    steps = ["pip install --editable .", "python -m pytest -q", *FORMS[kind].tries]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {os.path.relpath(folder)}")
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}. `{step}`")
