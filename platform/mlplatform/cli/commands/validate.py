"""`mlplatform validate`."""

from __future__ import annotations

import click


@click.command("validate")
@click.argument("spec")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for tools.",
)
@click.pass_context
def command(ctx: click.Context, spec: str, form: str) -> None:
    """Check SPEC and report all problems at once: file, line, field, got, expected, fix.

    The limits of every target's cloud are checked too. No account, no credentials and no cloud SDK are needed. Exits
    with 0 where the spec is valid, else with 2.

    \b
    Examples:
      mlplatform validate stacks/prod.py
      mlplatform validate prod --format json
    """
    from mlplatform.reading.load import load
    from mlplatform.views.spec import problems as view

    loaded = load(spec)
    if form == "json":
        click.echo(view.document(loaded.problems, loaded.spec, loaded.rest))
    elif loaded.spec:
        click.echo(view.valid(str(loaded.file), loaded.spec))
    else:
        from mlplatform.cli.printing.terminal import terminal_style

        style = terminal_style(ctx)
        click.echo(view.problems_text(loaded.problems, style, loaded.rest), color=style.color)
    ctx.exit(0 if loaded.spec else 2)
