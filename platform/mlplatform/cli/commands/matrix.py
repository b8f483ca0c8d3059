"""`mlplatform matrix`."""

from __future__ import annotations

import click


@click.command("matrix", short_help="Show which cloud can do what.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="For people, for a document, for tools.",
)
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """Show for every field of the spec and every installed cloud: yes, in part, or no, and what to do instead.

    Derived from what each cloud's code declares and reads.

    \b
    Examples:
      mlplatform matrix
      mlplatform matrix --format markdown > parity.md
    """
    from mlplatform.plan.matrix import build_matrix
    from mlplatform.views.plan import json
    from mlplatform.views.spec import matrix as view

    found = build_matrix()
    if form == "json":
        click.echo(json.text(view.body(found)), nl=False)
    elif form == "markdown":
        click.echo(view.markdown(found), nl=False)
    else:
        from mlplatform.cli.printing.terminal import terminal

        style = terminal(ctx)
        click.echo(view.text(found, style), nl=False, color=style.color)
