"""From a spec's path to the document that `mlplatform plan` prints."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from mlplatform import discovery
from mlplatform.cli.printing.terminal import terminal
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.plan.model import Plan


def plan(ctx: click.Context, spec: str, clouds: tuple[str, ...], form: str, *, resolve: bool, to_file: bool) -> str:
    """Plan a spec on some of its targets.

    Args:
        ctx: of the command.
        spec: a file or a stack's name.
        clouds: which targets; all where empty.
        form: text, json or markdown.
        resolve: realistic values instead of unknown ones.
        to_file: the text goes to a file, not to the terminal.

    Raises:
        click.ClickException: the spec, the choice of clouds, the installation or a provider refuses it.
    """
    platform = load_spec(ctx, spec, clouds)
    chosen = _chosen(platform, clouds, form)
    plans = [record_plan(platform, cloud, resolve=resolve) for cloud in chosen]
    if form == "json":
        from mlplatform.views.plan import json

        return json.document(plans[0])
    from mlplatform.plan.summary import summarise_plan

    summaries = [summarise_plan(plan, platform) for plan in plans]
    if form == "markdown":
        from mlplatform.views.plan import markdown

        return markdown.document(summaries)
    from mlplatform.views.plan import text

    return text.document(summaries, terminal(ctx, file=to_file))


def load_spec(
    ctx: click.Context, spec: str, clouds: tuple[str, ...] = (), *, shown: Callable[[str], str] | None = None
) -> PlatformSpec:
    """A validated spec; where it is refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        spec: a file or a stack's name.
        clouds: targets to hold it to; all where empty.
        shown: gives the names of files as messages should have them. Omitted: as they are.
    """
    loaded = load(spec, clouds=clouds or None)
    if loaded.spec is None:
        from dataclasses import replace

        from mlplatform.views.spec import problems

        told = loaded.problems
        if shown:
            told = [replace(problem, file=shown(problem.file) if problem.file else None) for problem in told]
        style = terminal(ctx, sys.stderr)
        click.echo(problems.text(told, style), err=True, color=style.color)
        ctx.exit(2)
    return loaded.spec


def _chosen(spec: PlatformSpec, clouds: tuple[str, ...], form: str) -> tuple[str, ...]:
    known = tuple(target.cloud for target in spec.targets)
    for cloud in clouds:
        if cloud not in known:
            raise click.UsageError(
                f"--cloud: got '{cloud[:40]}', expected one of the spec's targets: {', '.join(known)}"
            )
    chosen = clouds or known
    if form == "json" and len(chosen) > 1:
        raise click.UsageError(f"--format json: got {len(chosen)} clouds, expected one; add --cloud {chosen[0]}")
    return chosen


def record_plan(spec: PlatformSpec, cloud: str, *, resolve: bool = False) -> Plan:
    """Plan one target, with progress on a terminal.

    Args:
        spec: a validated spec.
        cloud: one of its targets.
        resolve: realistic values instead of unknown ones.

    Raises:
        click.ClickException: the installation or a provider refuses it.
    """
    from mlplatform.components.backend import MissingExtra
    from mlplatform.plan.record import PlanRefused, record

    progress = _progress(cloud)
    try:
        return record(spec, cloud, resolve=resolve, progress=progress)
    except (MissingExtra, PlanRefused) as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        backend = discovery.backend(cloud)
        if package not in backend.sdks:
            raise
        raise click.ClickException(
            f"{backend.title} needs {package}, which is not installed: pip install '{backend.extra}'"
        ) from error
    finally:
        if progress:
            click.echo("\r\x1b[K", nl=False, err=True)


def _progress(cloud: str) -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(count: int) -> None:
        if count % 10 == 1:
            click.echo(f"\rplanning {cloud}: {count} resources", nl=False, err=True)

    return show
