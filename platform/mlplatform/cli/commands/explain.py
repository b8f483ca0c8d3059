"""`mlplatform explain`."""

from __future__ import annotations

import click

from mlplatform.cli import options


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
@click.option("--what", "field", metavar="FIELD", help="Which resources of SPEC follow from this field.")
@click.option("--why", "resource", metavar="RESOURCE", help="Which fields of SPEC this resource follows from.")
@options.target_option("The target, with --what and --why. Omitted: the first.")
@click.pass_context
def command(
    ctx: click.Context,
    arguments: tuple[str, ...],
    form: str,
    field: str | None,
    resource: str | None,
    target: str | None,
) -> None:
    """Explain the field PATH: meaning, type, default, example, what becomes of it on each cloud; or what SPEC has.

    With a SPEC and a PATH it prints the value of every place that PATH names, and whether it is written, a default, a
    default of the profile, or a target's override. --what and --why plan SPEC again with other values: --why takes up
    to a minute for a large spec. A RESOURCE is a URN, a logical name, or its end. Exits with 2 where there is no such
    field or resource, or SPEC is refused.

    \b
    Examples:
      mlplatform explain endpoints.replicas
      mlplatform explain prod network.zones
      mlplatform explain prod 'endpoints[fraud-scorer].replicas' --format json
      mlplatform explain prod --what 'training.pools[vision].max_nodes' --target aws
      mlplatform explain dev --why network-vpc --target aws
    """
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.plan.explanation import NoSuchField, explain_field, explain_value
    from mlplatform.reading.load import load
    from mlplatform.views.plan import json
    from mlplatform.views.spec import explanation as view

    if field or resource:
        _explain_plan(ctx, arguments, form, field, resource, target)
        return
    if target:
        raise click.UsageError("--target: is for --what and --why; omit it")
    if len(arguments) > 2:
        raise click.UsageError(f"got {len(arguments)} arguments, expected a path, or a spec and a path")
    *before, path = list(arguments)
    spec = before[0] if before else None
    style = terminal_style(ctx)
    try:
        if spec is None:
            meaning = explain_field(path)
            shown = json.document_text(view.body(meaning)) if form == "json" else view.text(meaning, style)
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


def _explain_plan(
    ctx: click.Context,
    arguments: tuple[str, ...],
    form: str,
    field: str | None,
    resource: str | None,
    target: str | None,
) -> None:
    """Tell which resources follow from a field, or which fields a resource follows from."""
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.cli.sides.specs import choose_targets
    from mlplatform.plan.consequences import NoSuchResource, what_follows, why_there
    from mlplatform.plan.explanation import NoSuchField, locations_of
    from mlplatform.reading.load import load
    from mlplatform.views.plan import json
    from mlplatform.views.spec import explanation as view

    if field and resource:
        raise click.UsageError("--why: got --what too, expected one of them")
    if len(arguments) != 1:
        raise click.UsageError(f"got {len(arguments)} arguments, expected the spec alone beside --what and --why")
    loaded = load(arguments[0])
    if loaded.spec is None:
        refuse(ctx, loaded.problems)
    only = choose_targets(loaded.spec, (target,) if target else ())[0]
    style = terminal_style(ctx)
    try:
        if resource:
            causes = why_there(loaded.spec, only, resource)
            body, text = [view.causes_body(causes)], view.causes_text(causes, style)
        else:
            found = [what_follows(loaded.spec, only, place) for place in locations_of(loaded.spec, field or "")]
            if None in found:
                raise click.UsageError(
                    f"--what: {field}: no other value is accepted that it could be compared with, or the spec has "
                    "nothing there; name a field in it"
                )
            told = [each for each in found if each]
            body, text = (
                [view.follows_body(each) for each in told],
                "".join(view.follows_text(each, style) for each in told),
            )
    except (NoSuchField, NoSuchResource) as error:
        raise click.UsageError(f"{'--why' if resource else '--what'}: {error}") from error
    click.echo(json.document_text({"explained": body}) if form == "json" else text, nl=False, color=style.color)
