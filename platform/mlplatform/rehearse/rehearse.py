"""Rehearses one stack on one of its clouds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from mlplatform import discovery
from mlplatform.components.names import stack_name
from mlplatform.fast.sdk import fast_sdk, quiet_gc
from mlplatform.rehearse.faults import FaultInjection
from mlplatform.rehearse.life import RehearsalStep, rehearse_life, typical_steps
from mlplatform.rehearse.model import FaultOutcome, Rehearsal, RehearsalPhase
from mlplatform.rehearse.stage import open_stage
from mlplatform.rehearse.trials import run_trials
from mlplatform.spec.platform import PlatformSpec


def rehearse(
    spec: PlatformSpec,
    target: str,
    *,
    project: Path | None = None,
    steps: tuple[RehearsalStep, ...] | None = None,
    faults: int = 0,
    seed: int = 0,
    keep: bool = False,
    begin: Callable[[str], None] = lambda _: None,
    end: Callable[[RehearsalPhase], None] = lambda _: None,
    survived: Callable[[FaultOutcome], None] = lambda _: None,
) -> Rehearsal:
    """Rehearse a stack's whole life, and injected faults after it.

    Args:
        spec: a validated spec.
        target: the target's name, or its cloud where it is the only one there.
        project: folder of the Pulumi.yaml with the program and options to use. Omitted: the working directory.
        steps: changes to make. Omitted: the typical ones.
        faults: how many faults to inject, each into a run of its own.
        seed: decides which faults.
        keep: keep the throwaway folder.
        begin: called with the name of each phase before it.
        end: called with each phase after it.
        survived: called with the outcome of each fault.

    Raises:
        NoEngine: no `pulumi` is on PATH.
        NotPrepared: it did not create the throwaway stack.
    """
    bound = spec.target(target)
    fast_sdk(discovery.backend(bound.cloud).sdks)
    stack = stack_name(spec, target)
    folder = Path(tempfile.mkdtemp(prefix=f"mlplatform-rehearsal-{stack}-"))
    own_project = project or Path.cwd()
    # an empty account holds no model, so nothing is released in it
    spec = spec.with_record(None)
    phases: list[RehearsalPhase] = []
    resources = 0
    try:
        with quiet_gc(), open_stage(spec, target, own_project, folder / "life", stack=stack) as stage:
            for phase in rehearse_life(stage, typical_steps() if steps is None else steps, begin):
                phases.append(phase)
                resources = resources or len(stage.cloud.contents())
                end(phase)
        outcomes = (
            tuple(_faults(spec, target, own_project, folder / "faults", stack, faults, seed, survived))
            if faults
            else ()
        )
        return Rehearsal(
            stack, bound.cloud, resources, tuple(phases), outcomes, str(folder) if keep else "", bound.name
        )
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _faults(
    spec: PlatformSpec,
    target: str,
    project: Path,
    folder: Path,
    stack: str,
    count: int,
    seed: int,
    survived: Callable[[FaultOutcome], None],
) -> Iterator[FaultOutcome]:
    injection = FaultInjection()
    with quiet_gc(), open_stage(spec, target, project, folder, stack=stack, faults=injection) as stage:
        for outcome in run_trials(stage, injection, count, seed):
            survived(outcome)
            yield outcome
