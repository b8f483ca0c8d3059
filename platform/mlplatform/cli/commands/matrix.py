"""`mlplatform matrix`."""

from __future__ import annotations

import click


@click.command("matrix")
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
    """Show the support of every spec field on every installed cloud: yes, in part, or no, with the alternative.

    Derived from each cloud's code: the limits it declares and the fields it reads.

    \b
    Examples:
      mlplatform matrix
      mlplatform matrix --format markdown > parity.md
    """
    from mlplatform.plan.matrix import build_matrix
    from mlplatform.views.plan import json
    from mlplatform.views.spec import matrix as view

    support = build_matrix()
    if form == "json":
        click.echo(json.document_text(view.body(support)), nl=False)
    elif form == "markdown":
        click.echo(view.markdown(support), nl=False)
    else:
        from mlplatform.cli.printing.terminal import terminal_style

        style = terminal_style(ctx)
        click.echo(view.text(support, style), nl=False, color=style.color)
