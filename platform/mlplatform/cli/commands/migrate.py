"""`mlplatform migrate`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("migrate", short_help="Rewrite a spec of an earlier version.")
@click.argument("spec")
@click.option("--check", is_flag=True, help="Only tell what would change: exits with 1 where something would.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file; of a Python spec, the patch. Omitted: YAML and JSON are rewritten in place.",
)
@click.pass_context
def command(ctx: click.Context, spec: str, check: bool, output: Path | None) -> None:
    """Make SPEC one of the present version: fields that have another name now, and `spec_version`.

    YAML and JSON are rewritten; comments, order and quotes stay as they are. A Python spec is a program, and stays
    untouched: what to change in it, and in the modules it imports, is printed as a patch, with the places.
    Resources stay the same: names of fields are no names of resources. Exits with 0, with 1 where `--check` finds
    something to change, with 2 where the spec is refused.

    \b
    Examples:
      mlplatform migrate platform.yaml
      mlplatform migrate platform.yaml --check
      mlplatform migrate stacks/prod.py | git apply
    """
    from mlplatform.cli.commands.migrating import migrate

    ctx.exit(migrate(ctx, spec, check=check, output=output))
