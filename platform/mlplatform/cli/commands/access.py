"""`mlplatform access`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("access")
@click.argument("spec")
@options.target_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(ctx: click.Context, spec: str, targets: tuple[str, ...], form: str, output: Path | None) -> None:
    """List who may do what: each role with its people, each program, and each place of the store with its readers.

    Plans SPEC and lists what its components granted. Rights that were given at the cloud's console are not in it. Exits
    with 0, or with 2 where the spec or a provider refuses something.

    \b
    Examples:
      mlplatform access prod
      mlplatform access prod --target aws --format json -o access.json
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan
    from mlplatform.views.access.rows import access_of
    from mlplatform.views.access.text import access_json, access_text

    platform = load_spec(ctx, spec, targets)
    rows = [access_of(record_plan(platform, target), platform) for target in choose_targets(platform, targets)]
    text = access_json(rows) if form == "json" else access_text(rows, terminal_style(ctx, file=output is not None))
    deliver_document(ctx, text, output)
