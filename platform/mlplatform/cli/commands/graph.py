"""`mlplatform graph`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from mlplatform.cli import options

LEVELS = ("capability", "component", "resource")


@click.command("graph")
@click.argument("source", metavar="SPEC|PLANFILE")
@options.target_options
@options.LAYER
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid", "dot"]),
    default="svg",
    show_default=True,
    help="A picture, a diagram for markdown, a file for Graphviz.",
)
@click.option(
    "--level", type=click.Choice(LEVELS), default="component", show_default=True, help="One tile for each of these."
)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context, source: str, targets: tuple[str, ...], form: str, level: str, output: Path | None
) -> None:
    """Draw the plan of SPEC, or a plan, preview or state file: networks with their content, capabilities around
    them, and dependencies.

    Arrows point from a resource to what it needs; indirect dependencies are left out. No other program is
    needed, and the same input gives the same bytes. Exits with 0, or with 2 where the input is refused.

    \b
    Examples:
      mlplatform graph prod --target aws -o platform.svg
      mlplatform graph prod --level capability --format mermaid
      pulumi stack export | mlplatform graph - --format dot --level resource
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.sides.argument import read_side
    from mlplatform.plan.drawing import draw_graph
    from mlplatform.plan.graph import Detail
    from mlplatform.views.graph.document import graph_document

    side = read_side(ctx, source, targets, resolve=True)
    deliver_document(
        ctx, graph_document([draw_graph(plan, cast("Detail", level)) for plan in side.plans.values()], form), output
    )
