"""Runs one command on a stage and judges it."""

from __future__ import annotations

from mlplatform.rehearse import reading
from mlplatform.rehearse.engine import Run
from mlplatform.rehearse.model import Failure, Phase
from mlplatform.rehearse.stage import Stage

UP = ("up", "--yes", "--skip-preview")


def up(stage: Stage, name: str, expects: str = "everything is made") -> Phase:
    """Run `pulumi up` and see whether it succeeds."""
    stage.cloud.run()
    run = stage.engine.stack(*UP)
    stage.know_retained()
    return phase(stage, run, name, expects, notes=tuple(reading.replaced(run)))


def phase(
    stage: Stage,
    run: Run,
    name: str,
    expects: str,
    *,
    ok: bool | None = None,
    failures: tuple[Failure, ...] | None = None,
    notes: tuple[str, ...] = (),
) -> Phase:
    """What a command showed; omitted, it must have succeeded."""
    good = run.code == 0 if ok is None else ok
    shown = failures if failures is not None else () if good else reading.failures(run, stage.cloud)
    return Phase(name, expects, good, run.seconds, stage.cloud.clock.elapsed, run.events.changes, shown, notes)
