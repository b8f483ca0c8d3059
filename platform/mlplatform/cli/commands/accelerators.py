"""`mlplatform accelerators`."""

from __future__ import annotations

import click


@click.command("accelerators")
@click.argument("accelerator", required=False)
@click.option("--cloud", "clouds", multiple=True, metavar="CLOUD", help="Only this cloud; repeatable. Omitted: all.")
@click.option(
    "--region", metavar="REGION", default="", help="Only this region, with its prices. Omitted: the cheapest of each."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for tools.",
)
@click.pass_context
def command(ctx: click.Context, accelerator: str | None, clouds: tuple[str, ...], region: str, form: str) -> None:
    """List machines with accelerators on each cloud: what they have, where they are, and what an hour costs.

    ACCELERATOR is written as in a spec, `H100:8`, and adds regions, quotas and sources. Facts and prices come with the
    package, each with its date; no account is needed. Exits with 2 where nothing has that name, or a cloud or region
    is unknown.

    \b
    Examples:
      mlplatform accelerators
      mlplatform accelerators H100:8
      mlplatform accelerators L4 --region europe-west4 --format json
    """
    from mlplatform import discovery
    from mlplatform.catalog.accelerator import Accelerator
    from mlplatform.catalog.region_names import likeliest
    from mlplatform.field_problem import FieldsRefused
    from mlplatform.plan.cost.offers import machine_offers
    from mlplatform.similar import nearest_names

    known = discovery.clouds()
    for cloud in clouds:
        if cloud not in known:
            close = nearest_names(cloud, known)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise click.UsageError(f"--cloud: got '{cloud[:40]}', expected one of {', '.join(known)}{hint}")
    chosen = tuple(dict.fromkeys(clouds)) or known
    if region:
        chosen = tuple(cloud for cloud in chosen if discovery.backend(cloud).catalog.is_region(region))
        if not chosen:
            asked = clouds or known
            close = likeliest(discovery.backend(cloud).catalog.near_regions(region) for cloud in asked)
            hint = f"; {close}" if close else ""
            raise click.UsageError(
                f"--region: got '{region[:40]}', expected a region of {', '.join(clouds or known)}{hint}"
            )
    try:
        wish = Accelerator.parse(accelerator) if accelerator else None
    except FieldsRefused as error:
        raise click.UsageError(f"ACCELERATOR: {error}") from error
    offers = machine_offers(chosen, wish, region)
    if form == "json":
        from mlplatform.views.offers.json import body
        from mlplatform.views.plan import json

        click.echo(json.document_text(body(offers)), nl=False)
    elif not offers:
        click.echo(f"no machine with {wish or 'accelerators'} in {region or ', '.join(chosen)}")
    else:
        from mlplatform.cli.printing.terminal import terminal_style
        from mlplatform.views.offers import text

        style = terminal_style(ctx)
        click.echo(text.document(offers, style, details=wish is not None), nl=False, color=style.color)
