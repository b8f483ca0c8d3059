"""`mlplatform graph`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

LEVELS = ("capability", "component", "resource")


@click.command("graph", short_help="Draw what a plan makes, by network and capability.")
@click.argument("source", metavar="SPEC|PLANFILE")
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Draw this target only; may be repeated. Omitted: all."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid", "dot"]),
    default="svg",
    show_default=True,
    help="A picture, markdown's diagrams, Graphviz.",
)
@click.option(
    "--level", type=click.Choice(LEVELS), default="component", show_default=True, help="What one tile stands for."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, whole or not at all. Omitted: standard output.",
)
@click.pass_context
def command(
    ctx: click.Context, source: str, clouds: tuple[str, ...], form: str, level: str, output: Path | None
) -> None:
    """Draw what SPEC would make, or what a plan, preview or state file holds: networks with what runs in them,
    capabilities around them, and what needs what.

    Lines go from what needs to what is needed; what follows from other lines is left out. No other program is
    needed, and the same input gives the same bytes. Exits with 0, or with 2 where the input is refused.

    \b
    Examples:
      mlplatform graph prod --cloud aws -o platform.svg
      mlplatform graph prod --level capability --format mermaid
      pulumi stack export | mlplatform graph - --format dot --level resource
    """
    from mlplatform.cli.sides.inputs import read_side
    from mlplatform.plan.drawing import draw_graph
    from mlplatform.plan.graph import Detail
    from mlplatform.views.graph.graph import document

    side = read_side(ctx, source, tuple(dict.fromkeys(clouds)), resolve=True)
    text = document([draw_graph(plan, cast("Detail", level)) for plan in side.plans.values()], form)
    if output is None:
        click.echo(text, nl=False)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
