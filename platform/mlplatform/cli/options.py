"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click


def _without_repeats(ctx: click.Context, param: click.Parameter, clouds: tuple[str, ...]) -> tuple[str, ...]:
    del ctx, param
    return tuple(dict.fromkeys(clouds))


CLOUDS = click.option(
    "--cloud",
    "clouds",
    multiple=True,
    metavar="CLOUD",
    callback=_without_repeats,
    help="Only this target; may be repeated. Omitted: every target of the spec.",
)
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, whole or not at all. Omitted: standard output.",
)
ACCEPTED = click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Findings that the team has accepted. Omitted: the project's mlplatform.accepted.yaml, if there is one.",
)
USAGE = click.option(
    "--usage",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Expected usage (YAML, see docs/cost.md). Omitted: the documented defaults.",
)
PRICES = click.option(
    "--prices",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Prices that override those of the package (TOML, see docs/cost.md); may be repeated.",
)
