"""`mlplatform machines`."""

from __future__ import annotations

import click

from mlplatform.cli.options import offer_options

MOST = 12
"""Machines of a cloud that are shown."""


@click.command("machines")
@click.argument("machine_type", required=False, default="", metavar="[MACHINE]")
@click.option(
    "--vcpus",
    type=click.FloatRange(min=0),
    metavar="NUMBER",
    default=0,
    help="Only machines with at least so many vCPUs. Omitted: all.",
)
@click.option(
    "--memory-gib",
    type=click.FloatRange(min=0),
    metavar="NUMBER",
    default=0,
    help="Only machines with at least so many GiB. Omitted: all.",
)
@offer_options
@click.pass_context
def command(
    ctx: click.Context,
    machine_type: str,
    vcpus: float,
    memory_gib: float,
    clouds: tuple[str, ...],
    region: str,
    every: bool,
    form: str,
) -> None:
    """List machines without accelerator on each cloud: for pools, system nodes and endpoints, with their prices.

    With --vcpus or --memory-gib, it also tells which machine a pool and an endpoint of a spec get for that size.
    MACHINE is a cloud's name of any machine, also one with accelerators: it adds regions, quotas and sources. Facts and
    prices come with the package, each with its date; no account is needed. As text, the cheapest machines of each cloud
    are shown; --all shows every one. Exits with 2 where nothing has that name, or a cloud or region is unknown.

    \b
    Examples:
      mlplatform machines --vcpus 8 --memory-gib 32
      mlplatform machines --cloud gcp --region europe-west4
      mlplatform machines m6i.xlarge
    """
    from mlplatform.cli.sides.clouds import chosen_clouds
    from mlplatform.plan.cost.offers import chosen_for, cpu_offers, named_offers

    chosen = chosen_clouds(clouds, region)
    if machine_type:
        offers = named_offers(chosen, machine_type, region)
        if not offers:
            _refuse_unknown(machine_type, chosen)
        taken = ()
    else:
        offers = cpu_offers(chosen, vcpus, memory_gib, region)
        taken = chosen_for(chosen, vcpus, memory_gib, region) if vcpus or memory_gib else ()
    if form == "json":
        from mlplatform.views.offers.json import body, taken_body
        from mlplatform.views.plan import json

        click.echo(json.document_text({**body(offers), "taken": taken_body(taken)}), nl=False)
    elif not offers:
        least = [
            text for text in (f"{vcpus:g} vCPUs" if vcpus else "", f"{memory_gib:g} GiB" if memory_gib else "") if text
        ]
        size = f" with at least {' and '.join(least)}" if least else ""
        what = machine_type or f"without accelerator{size}"
        click.echo(f"no machine {what} in {region or ', '.join(chosen)}")
    else:
        from mlplatform.cli.printing.terminal import terminal_style
        from mlplatform.views.offers import text

        style = terminal_style(ctx)
        most = None if every or machine_type else MOST
        shown = text.machines_document(offers, style, taken=taken, details=bool(machine_type), most=most)
        click.echo(shown, nl=False, color=style.color)


def _refuse_unknown(machine_type: str, clouds: tuple[str, ...]) -> None:
    """Refuse a name that no machine has, unless only the region lacks it."""
    from mlplatform.plan.cost.offers import cpu_offers, machine_offers
    from mlplatform.similar import nearest_names

    names = [offer.name for offer in (*machine_offers(clouds), *cpu_offers(clouds))]
    if machine_type in names:
        return
    close = nearest_names(machine_type, names)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise click.UsageError(f"MACHINE: got '{machine_type[:40]}', expected a machine of {', '.join(clouds)}{hint}")
