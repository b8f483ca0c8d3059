"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mlplatform.components.names import LAYERS, Layer

F = TypeVar("F", bound=Callable[..., Any])


def _former(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> None:
    """Keep what the former option names until `--target` is read, which is later."""
    if names:
        click.echo("--cloud is now --target: targets have names, by default their cloud's", err=True)
    ctx.meta[_KEPT] = names
    del param


_KEPT = "mlplatform.former-cloud"
_FORMER = click.option("--cloud", multiple=True, hidden=True, is_eager=True, expose_value=False, callback=_former)


def _all(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    del param
    return tuple(dict.fromkeys((*ctx.meta.get(_KEPT, ()), *names)))


def _last(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    del param
    return name or next(iter(ctx.meta.get(_KEPT, ())), None)


def target_options(command: F) -> F:
    """`--target`, which may be repeated."""
    option = click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="TARGET",
        callback=_all,
        help="Only this target, by its name or by its cloud; may be repeated. Omitted: every target of the spec.",
    )
    return _FORMER(option(command))


def target_option(command_help: str) -> Callable[[F], F]:
    """`--target` of a command that takes one."""
    option = click.option("--target", metavar="TARGET", callback=_last, help=command_help)
    return lambda command: _FORMER(option(command))


def offer_options(command: F) -> F:
    """`--cloud`, `--region`, `--all` and `--format` of commands that list machines."""
    cloud = click.option(
        "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Only this cloud; repeatable. Omitted: all."
    )
    region = click.option(
        "--region",
        metavar="REGION",
        default="",
        help="Only this region, with its prices. Omitted: the cheapest of each.",
    )
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For people, or for tools.",
    )
    every = click.option(
        "--all", "every", is_flag=True, help="Every machine as text. Omitted: the cheapest of each cloud."
    )
    return cloud(region(every(form(command))))


def _keep_layer(ctx: click.Context, param: click.Parameter, layer: str | None) -> None:
    """Keep the layer for whatever plans in this command: every plan of it is of the same layers."""
    del param
    ctx.meta[_LAYER] = layer


_LAYER = "mlplatform.layer"

LAYER = click.option(
    "--layer",
    type=click.Choice(LAYERS),
    expose_value=False,
    callback=_keep_layer,
    help="Only one layer of each target: the cloud's resources, or what is inside its cluster. Omitted: both.",
)


def chosen_layer() -> Layer | None:
    """The layer that `--layer` of the running command names; None for all."""
    ctx = click.get_current_context(silent=True)
    return ctx.meta.get(_LAYER) if ctx else None


def keep_layer(ctx: click.Context, layer: Layer) -> None:
    """Let every plan of the running command be of one layer, as with `--layer`."""
    ctx.meta[_LAYER] = layer


OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, whole or not at all. Omitted: standard output.",
)
ENVIRONMENTS = click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only the record of this environment; may be repeated. Omitted: all.",
)
RECORDS = click.option(
    "--records",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder of the records of releases. Omitted: stacks/models of the project.",
)
ACCEPTED = click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Findings that the team has accepted. Omitted: the project's mlplatform.accepted.yaml, if there is one.",
)
TRUST = click.option(
    "--trust-acceptances",
    "trust",
    metavar="REVISION|head",
    help="Git revision whose acceptances count; `head`: those of the working directory. Omitted: the base's, where the "
    "base is a revision, so that a change cannot accept its own risks.",
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
EXACT = click.option(
    "--exact",
    is_flag=True,
    help="Take no price of another region, and no on-demand price for spot: what has no price of its own is listed.",
)
