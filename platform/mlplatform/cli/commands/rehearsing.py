"""From a spec's path to the document that `mlplatform rehearse` prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli.printing.terminal import terminal
from mlplatform.cli.sides.specs import load_spec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.style import Style

if TYPE_CHECKING:
    from mlplatform.rehearse.life import RehearsalStep
    from mlplatform.rehearse.model import Rehearsal


def rehearsals(
    ctx: click.Context,
    spec: str,
    clouds: tuple[str, ...],
    changes: tuple[str, ...],
    *,
    faults: int,
    seed: int,
    keep: bool,
    form: str,
    output: Path | None,
) -> list[Rehearsal]:
    """Rehearse a spec on some of its targets, with progress on stderr, and print the document.

    Args:
        ctx: of the command.
        spec: a file or a stack's name.
        clouds: which targets; all where empty.
        changes: names of typical changes, and spec files; all typical ones where empty.
        faults: how many to inject.
        seed: decides which.
        keep: leave the throwaway folders.
        form: text, json or junit.
        output: file to write to. None: standard output.

    Raises:
        click.ClickException: the spec, an option, the installation or the engine refuses it.
    """
    from mlplatform.rehearse.surroundings import NoEngine, find_engine

    try:
        find_engine()
    except NoEngine as error:
        raise click.ClickException(str(error)) from error
    platform = load_spec(ctx, spec, clouds)
    chosen = _chosen(platform, clouds)
    steps = _steps(ctx, changes, chosen)
    progress = terminal(ctx, sys.stderr)
    found = [_one(platform, cloud, steps, faults, seed, keep, progress) for cloud in chosen]
    text = _document(ctx, found, form, to_file=output is not None)
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
    return found


def _chosen(spec: PlatformSpec, clouds: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(target.cloud for target in spec.targets)
    for cloud in clouds:
        if cloud not in known:
            raise click.UsageError(
                f"--cloud: got '{cloud[:40]}', expected one of the spec's targets: {', '.join(known)}"
            )
    return clouds or known


def _steps(ctx: click.Context, changes: tuple[str, ...], clouds: tuple[str, ...]) -> tuple[RehearsalStep, ...]:
    from mlplatform.rehearse.changes import TYPICAL
    from mlplatform.rehearse.life import RehearsalStep, typical_steps

    if not changes:
        return typical_steps()
    steps: list[RehearsalStep] = []
    for change in changes:
        if change == "none":
            continue
        if change in TYPICAL:
            steps.append(RehearsalStep(TYPICAL[change][0], change))
        elif "." in change or "/" in change:
            steps.append(RehearsalStep(f"change to {Path(change).name}", spec=load_spec(ctx, change, clouds)))
        else:
            raise click.UsageError(
                f"--change: got '{change[:40]}', expected {', '.join(TYPICAL)}, none, or the path of a spec"
            )
    return tuple(steps)


def _one(
    spec: PlatformSpec,
    cloud: str,
    steps: tuple[RehearsalStep, ...],
    faults: int,
    seed: int,
    keep: bool,
    progress: Style,
) -> Rehearsal:
    from mlplatform import discovery
    from mlplatform.components.backend import MissingExtra
    from mlplatform.rehearse.rehearse import rehearse
    from mlplatform.rehearse.stage import NotPrepared
    from mlplatform.views.rehearsal import text as view

    def begin(name: str) -> None:
        if progress.color:
            click.echo(f"\r{cloud}: {name} …\x1b[K", nl=False, err=True)

    def end(text: str) -> None:
        clear = "\r\x1b[K" if progress.color else ""
        click.echo(f"{clear}{cloud}: {text}", err=True)

    try:
        return rehearse(
            spec,
            cloud,
            steps=steps,
            faults=faults,
            seed=seed,
            keep=keep,
            begin=begin,
            end=lambda phase: end(view.line(phase, progress)),
            survived=lambda survival: end(view.survival(survival, progress)),
        )
    except (MissingExtra, NotPrepared) as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        backend = discovery.backend(cloud)
        if (error.name or "").split(".")[0] not in backend.sdks:
            raise
        raise click.ClickException(
            f"{backend.title} needs {error.name}, which is not installed: pip install '{backend.extra}'"
        ) from error


def _document(ctx: click.Context, found: list[Rehearsal], form: str, *, to_file: bool) -> str:
    if form == "text":
        from mlplatform.views.rehearsal import text as rehearsal

        return rehearsal.document(found, terminal(ctx, file=to_file))
    from mlplatform.views.rehearsal import data as rehearsal_data

    return rehearsal_data.json_document(found) if form == "json" else rehearsal_data.junit_document(found)
