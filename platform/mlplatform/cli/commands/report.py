"""`mlplatform report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Write one HTML page that shows all of it, offline.")
@click.argument("sources", nargs=-1, required=True, metavar="SPEC|PLANFILE...")
@click.option(
    "--base",
    metavar="REVISION|FILE",
    help="What to compare with: a git revision, or a plan, state or spec file for a single SPEC. "
    "Omitted: nothing, except that a preview says itself what is there.",
)
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="This target only; may be repeated. Omitted: all."
)
@click.option(
    "--usage",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What usage decides of the cost (YAML, see docs/cost.md). Omitted: the documented defaults.",
)
@click.option(
    "--prices",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Prices over those that come with the package (TOML, see docs/cost.md); may be repeated.",
)
@click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What the team has accepted. Omitted: mlplatform.accepted.yaml of the project, if there is one.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The HTML file, written whole or not at all.",
)
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    base: str | None,
    clouds: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    accepted: Path | None,
    output: Path,
) -> None:
    """Write one HTML file about every SPEC, plan, preview or state file: a diagram by network and capability, every
    resource with its inputs, checks, cost, what the clouds can do, and with --base what changes and how
    dangerous that is.

    The file needs nothing else and asks nothing of the network; secrets are not in it. It is no gate: exits with 0,
    or with 2 where an input is refused.

    \b
    Examples:
      mlplatform report prod -o report.html
      mlplatform report prod --cloud aws --base origin/main -o report.html
      mlplatform report preview.json -o report.html
    """
    from mlplatform.cli.commands.reporting import report
    from mlplatform.cli.printing.output import write

    write(output, report(ctx, sources, base, tuple(dict.fromkeys(clouds)), usage, prices, accepted))
