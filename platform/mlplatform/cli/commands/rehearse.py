"""`mlplatform rehearse`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.mock_cloud.names import NameTable
    from mlplatform.rehearse.life import RehearsalStep
    from mlplatform.rehearse.model import Rehearsal
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.views.style import Style

FAILED = 1
"""Exit code where a rehearsal failed."""


@click.command("rehearse")
@click.argument("spec")
@options.target_options
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="NAME|FILE",
    help="Make this change only: tag, nodes, model, rollback, alarm, trigger, features, variant, autoscaled, pool, "
    "endpoint, team, addon, cluster-endpoint, none, or the spec to change to; may be repeated. Omitted: all named "
    "changes.",
)
@click.option("--faults", type=click.IntRange(0, 1000), default=0, help="Number of faults to inject, one run each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed for choosing the faults.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="For people, for tools, for CI systems that read JUnit's XML.",
)
@options.OUTPUT
@click.option("--keep", is_flag=True, help="Keep the temporary folder with state, logs and events.")
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    targets: tuple[str, ...],
    changes: tuple[str, ...],
    faults: int,
    seed: int,
    form: str,
    output: Path | None,
    keep: bool,
) -> None:
    """Create, change and destroy the platform of SPEC with the real `pulumi` against a mock cloud.

    The engine runs in a temporary folder with its own state, home and passphrase; it has no access to your stacks,
    credentials or network, and is removed however the command ends. Exits with 0 where every phase passed, with 1 where
    one failed, with 2 where the spec or the project is refused, or no working `pulumi` is on PATH, with 128 and its
    number where a signal ended it.

    \b
    Examples:
      mlplatform rehearse dev --target aws
      mlplatform rehearse prod --target gcp --change stacks/next.py --keep
      mlplatform rehearse staging --faults 10 --seed 7 --format junit -o rehearsal.xml
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.rehearse.stopped import NoEngine
    from mlplatform.rehearse.surroundings import find_engine

    try:
        find_engine()
    except NoEngine as error:
        raise click.ClickException(str(error)) from error
    platform = load_spec(ctx, spec, targets)
    chosen = choose_targets(platform, targets)
    steps = _steps(ctx, changes, chosen)
    progress = terminal_style(ctx, sys.stderr)
    names: list[NameTable] = []
    rehearsals = [_rehearse(platform, target, steps, faults, seed, keep, names, progress) for target in chosen]
    deliver_document(ctx, _document(ctx, rehearsals, form, to_file=output is not None), output)
    if not all(rehearsal.ok for rehearsal in rehearsals):
        ctx.exit(FAILED)


def _steps(ctx: click.Context, changes: tuple[str, ...], targets: tuple[str, ...]) -> tuple[RehearsalStep, ...]:
    from mlplatform.cli.sides.specs import load_spec
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
            steps.append(RehearsalStep(f"change to {Path(change).name}", spec=load_spec(ctx, change, targets)))
        else:
            raise click.UsageError(
                f"--change: got '{change[:40]}', expected {', '.join(TYPICAL)}, none, or the path of a spec"
            )
    return tuple(steps)


def _rehearse(
    spec: PlatformSpec,
    target: str,
    steps: tuple[RehearsalStep, ...],
    faults: int,
    seed: int,
    keep: bool,
    names: list[NameTable],
    progress: Style,
) -> Rehearsal:
    """One rehearsal, with progress on standard error."""
    from tempfile import gettempdir

    from mlplatform.cli.sides.specs import require_sdk
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.rehearse.rehearse import rehearse
    from mlplatform.rehearse.signals import EndedBySignal
    from mlplatform.rehearse.stopped import RehearsalStopped
    from mlplatform.views.rehearsal import text as view

    def begin(name: str) -> None:
        if progress.color:
            click.echo(f"\r{target}: {name} …\x1b[K", nl=False, err=True)

    def end(text: str) -> None:
        clear = "\r\x1b[K" if progress.color else ""
        click.echo(f"{clear}{target}: {text}", err=True)

    try:
        with require_sdk(spec.target(target).cloud):
            return rehearse(
                spec,
                target,
                steps=steps,
                faults=faults,
                seed=seed,
                keep=keep,
                beside=names,
                begin=begin,
                end=lambda phase: end(view.line(phase, progress)),
                survived=lambda survival: end(view.survival(survival, progress)),
            )
    except RehearsalStopped as error:
        raise click.ClickException(str(error)) from error
    except Unacceptable as error:
        raise click.ClickException("; ".join(map(str, error.problems))) from error
    except OSError as error:
        # everything is written below one folder
        place = error.filename or gettempdir()
        raise click.ClickException(
            f"the rehearsal stopped: {place}: {error.strerror or error}; make room, or name another folder for "
            "temporary files in TMPDIR. What it had written is removed"
        ) from error
    except EndedBySignal as error:
        click.echo(
            f"ended by {error.signal.name}: the engine is ended, and the rehearsal's folder is removed", err=True
        )
        raise


def _document(ctx: click.Context, rehearsals: list[Rehearsal], form: str, *, to_file: bool) -> str:
    if form == "json":
        from mlplatform.views.rehearsal import json

        return json.document(rehearsals)
    if form == "junit":
        from mlplatform.views.rehearsal import junit

        return junit.document(rehearsals)
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.rehearsal import text

    return text.document(rehearsals, terminal_style(ctx, file=to_file))
