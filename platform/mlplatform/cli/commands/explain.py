"""`mlplatform explain`."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("arguments", nargs=-1, required=True, metavar="[SPEC] PATH")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for tools.",
)
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...], form: str) -> None:
    """Explain the field PATH: meaning, type, default, each cloud's support; or what SPEC has there, and why.

    With a SPEC it prints the value of every place that PATH names, and whether it is written, a default, a default of
    the profile, or a target's override. Exits with 2 where there is no such field, or SPEC is refused.

    \b
    Examples:
      mlplatform explain endpoints.replicas
      mlplatform explain prod network.zones
      mlplatform explain prod 'endpoints[fraud-scorer].replicas' --format json
    """
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.plan.explanation import NoSuchField, explain_field, explain_value
    from mlplatform.reading.load import load
    from mlplatform.views.plan import json
    from mlplatform.views.spec import explanation as view

    if len(arguments) > 2:
        raise click.UsageError(f"got {len(arguments)} arguments, expected a path, or a spec and a path")
    *before, path = list(arguments)
    spec = before[0] if before else None
    style = terminal_style(ctx)
    try:
        if spec is None:
            field = explain_field(path)
            shown = json.document_text(view.body(field)) if form == "json" else view.text(field, style)
        else:
            loaded = load(spec)
            if loaded.spec is None:
                refuse(ctx, loaded.problems)
            values = explain_value(loaded, path)
            shown = (
                json.document_text({"values": view.values_body(values)})
                if form == "json"
                else view.values_text(values, style)
            )
    except NoSuchField as error:
        raise click.UsageError(f"PATH: {error}") from error
    click.echo(shown, nl=False, color=style.color)
