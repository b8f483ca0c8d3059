"""Rehearses one stack on one of its clouds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from mlplatform import discovery
from mlplatform.components.names import layers_of, stack_name
from mlplatform.fast.sdk import fast_sdk, quiet_gc
from mlplatform.mock_cloud.names import NameTable
from mlplatform.rehearse.faults import FaultInjection
from mlplatform.rehearse.folder import throwaway_folder
from mlplatform.rehearse.life import RehearsalStep, rehearse_life, typical_steps
from mlplatform.rehearse.model import FaultOutcome, Rehearsal, RehearsalPhase
from mlplatform.rehearse.outcome import run_up
from mlplatform.rehearse.stage import open_stage
from mlplatform.rehearse.trials import BaselineFailed, run_trials
from mlplatform.spec.platform import PlatformSpec

_UNDISTURBED = "the runs without a fault succeed"


def rehearse(
    spec: PlatformSpec,
    target: str,
    *,
    project: Path | None = None,
    steps: tuple[RehearsalStep, ...] | None = None,
    faults: int = 0,
    seed: int = 0,
    keep: bool = False,
    beside: list[NameTable] | None = None,
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
        beside: names of the stacks that were rehearsed before and stay where they are; those of this one are added.
            Omitted: it is alone.
        begin: called with the name of each phase before it.
        end: called with each phase after it.
        survived: called with the outcome of each fault.

    Raises:
        RehearsalStopped: no `pulumi` is on PATH or it is broken, or the project cannot be used.
        OSError: the throwaway folder cannot be written, for example on a full disk.
        EndedBySignal: a signal ended it; its folder is removed, and its engine is ended.
    """
    bound = spec.target(target)
    fast_sdk(discovery.backend(bound.cloud).sdks)
    stack = stack_name(spec, target)
    own_project = project or Path.cwd()
    # an empty account holds no model, so nothing is released in it
    spec = spec.with_record(None)
    phases: list[RehearsalPhase] = []
    outcomes: tuple[FaultOutcome, ...] = ()
    resources = 0
    with throwaway_folder(stack, keep=keep) as folder:
        others = tuple(beside or ())
        with (
            quiet_gc(),
            open_stage(spec, target, own_project, folder / "life", stack=stack, beside=others) as stage,
        ):
            for phase in rehearse_life(stage, typical_steps() if steps is None else steps, begin):
                phases.append(phase)
                if not resources:
                    resources = len(stage.cloud.contents())
                    if beside is not None:
                        beside.append(stage.cloud.names())
                end(phase)
        if faults:
            # faults are told apart from what fails by itself only where nothing does
            skipped = tuple(phase.name for phase in phases if not phase.ok)
            try:
                if not skipped:
                    outcomes = tuple(
                        _faults(spec, target, own_project, folder / "faults", stack, faults, seed, survived)
                    )
            except BaselineFailed as failed:
                phases.append(RehearsalPhase("before faults", _UNDISTURBED, False, 0.0, failures=failed.failures))
            if skipped:
                note = f"skipped: {', '.join(skipped)} failed without a fault"
                phases.append(RehearsalPhase("faults", _UNDISTURBED, True, 0.0, notes=(note,)))
    kept = str(folder) if keep else ""
    return Rehearsal(stack, bound.cloud, resources, tuple(phases), outcomes, kept, bound.name)


_INNER_SHARE = 3
"""One of so many faults goes into the stack of what is inside the cluster."""


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
    inner = count // _INNER_SHARE if "cluster" in layers_of(spec) else 0
    injection = FaultInjection()
    with quiet_gc(), open_stage(spec, target, project, folder, stack=stack, faults=injection) as stage:
        for outcome in run_trials(stage, injection, count - inner, seed):
            survived(outcome)
            yield outcome
    if not inner:
        return
    injection, folder = FaultInjection(), folder.with_name("inner-faults")
    with quiet_gc(), open_stage(spec, target, project, folder, stack=stack, inner_faults=injection) as stage:
        made = run_up(stage, "up")
        if stage.inner is None or not made.ok:
            raise BaselineFailed(made.failures)
        for outcome in run_trials(stage.inner, injection, inner, seed):
            survived(outcome)
            yield outcome
