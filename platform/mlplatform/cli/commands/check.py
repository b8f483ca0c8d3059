"""`mlplatform check`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from mlplatform.plan.finding import LEVELS, Level

FORMATS = ("text", "json", "markdown", "sarif", "junit")


@click.command("check", short_help="Hold a plan to the security rules.")
@click.argument("source", metavar="[SPEC|PLANFILE]", required=False)
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Check this target only; may be repeated. Omitted: all."
)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="medium",
    show_default=True,
    help="Exit with 1 where a finding is as bad as this, or worse, and not accepted.",
)
@click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What the team has accepted. Omitted: mlplatform.accepted.yaml of the project, if there is one.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For people, for tools, for a pull request, for code scanning, for test reports.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.option("--list", "listed", is_flag=True, help="Show the rules themselves: text, json or markdown.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str | None,
    clouds: tuple[str, ...],
    fail_on: str,
    accepted: Path | None,
    form: str,
    output: Path | None,
    listed: bool,
) -> None:
    """Hold what SPEC would make, or what a plan, preview or state file holds, to the security rules.

    The rules follow the CIS benchmarks and the vendors' own; `--list` shows them with their sources. What can
    be known only after creation is told apart and never counted as in order. Exits with 0, with 1 where a
    finding reaches --fail-on or an acceptance has expired, with 2 where an input is refused.

    \b
    Examples:
      mlplatform check prod
      mlplatform check prod --cloud aws --fail-on high
      mlplatform check preview.json --format sarif -o checks.sarif
      mlplatform check --list --format markdown
    """
    from mlplatform.cli.commands.checking import checked, document, rules

    if listed == (source is not None):
        expected = "no SPEC beside --list" if listed else "SPEC or PLANFILE, or --list"
        raise click.UsageError(f"got {'both' if listed else 'neither'}, expected {expected}")
    if listed:
        text, stops = rules(ctx, form, to_file=output is not None), False
    else:
        level = cast("Level", fail_on)  # click lets nothing else through
        found = checked(ctx, source or "", clouds, accepted)
        text = document(ctx, found, form, level, to_file=output is not None)
        stops = any(one.stops(level) for one in found)
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
    if stops:
        from mlplatform.cli.sides.reviews import FOUND

        ctx.exit(FOUND)
