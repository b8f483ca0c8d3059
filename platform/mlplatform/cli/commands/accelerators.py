"""`mlplatform accelerators`."""

from __future__ import annotations

import re

import click

from mlplatform.cli.options import offer_options

MOST_NAMED = 3
"""Machines of a cloud that are shown of an accelerator that was named."""


@click.command("accelerators")
@click.argument("accelerator", nargs=-1)
@offer_options
@click.pass_context
def command(
    ctx: click.Context, accelerator: tuple[str, ...], clouds: tuple[str, ...], region: str, every: bool, form: str
) -> None:
    """List machines with accelerators on each cloud: what they have, where they are, and what an hour costs.

    ACCELERATOR is written as in a spec, `H100:8` or the whole list `'["H100:8", "A100-80GB:8"]'`. It adds regions,
    quotas and sources, and the cheapest way to have it on each cloud. Facts and prices come with the package, each with
    its date; no account is needed. As text, the cheapest machines of each cloud are shown; --all shows every one.
    `mlplatform machines` lists machines without accelerator. Exits with 2 where nothing has that name, or a cloud or
    region is unknown.

    \b
    Examples:
      mlplatform accelerators
      mlplatform accelerators H100:8
      mlplatform accelerators '["H100:8", "A100-80GB:8"]' --cloud aws
      mlplatform accelerators L4 --region europe-west4 --format json
    """
    from mlplatform.catalog.accelerator import Accelerator
    from mlplatform.cli.sides.clouds import chosen_clouds
    from mlplatform.field_problem import FieldsRefused
    from mlplatform.plan.cost.offers import machine_offers

    chosen = chosen_clouds(clouds, region)
    # brackets, quotes and commas: a list may be copied from a spec
    names = [name for text in accelerator for name in re.findall(r"[^\s\[\]()\"',]+", text) or [text]]
    try:
        wishes = tuple(dict.fromkeys(Accelerator.parse(name) for name in names))
    except FieldsRefused as error:
        raise click.UsageError(f"ACCELERATOR: {error}") from error
    offers = machine_offers(chosen, wishes, region)
    wanted = " or ".join(map(str, wishes))
    if form == "json":
        from mlplatform.views.offers.json import body
        from mlplatform.views.plan import json

        click.echo(json.document_text(body(offers)), nl=False)
    elif not offers:
        click.echo(f"no machine with {wanted or 'accelerators'} in {region or ', '.join(chosen)}")
    else:
        from mlplatform.cli.printing.terminal import terminal_style
        from mlplatform.views.offers import text

        style = terminal_style(ctx)
        most = None if every else MOST_NAMED if wishes else 1
        shown = text.document(offers, style, wanted=wanted, clouds=chosen, most=most)
        click.echo(shown, nl=False, color=style.color)
