"""Injects one fault after the other, each into a run that begins in the state of an undisturbed one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlplatform.mock_cloud.refusal import Operation
from mlplatform.mock_cloud.state import CloudSnapshot
from mlplatform.reading.partial import Unacceptable
from mlplatform.rehearse.changes import SkippedChange, change_turns
from mlplatform.rehearse.comparing import Contents, compare_clouds, compare_with_state
from mlplatform.rehearse.ending import DESTROY
from mlplatform.rehearse.engine import CommandRun
from mlplatform.rehearse.faults import FaultInjection, InjectedFault, choose_faults
from mlplatform.rehearse.model import FaultOutcome, RehearsalFailure
from mlplatform.rehearse.outcome import UP, failures_of, subject_of
from mlplatform.rehearse.recovery import PLAIN, recover_state
from mlplatform.rehearse.releasing import failures_of_problems, push_programs, release_all
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.spec.platform import PlatformSpec

_SETTLE = 0.2
"""Seconds without calls after which a cloud is at rest."""


class BaselineFailed(Exception):
    """The undisturbed run itself failed."""

    def __init__(self, failures: tuple[RehearsalFailure, ...]) -> None:
        self.failures = failures
        super().__init__("; ".join(f"{failure.subject}: {failure.answer}" for failure in failures))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The beginning and the result of undisturbed runs."""

    empty: CloudSnapshot
    """The cloud before anything is created."""

    platform: CloudSnapshot
    """The cloud with the platform."""

    expected: dict[Operation, Contents]
    """Contents of the cloud after each operation."""

    candidates: dict[Operation, list[tuple[str, str]]]
    """Type and name of the resources of each operation."""

    retained: frozenset[tuple[str, str]]
    """Type and id of the resources that Pulumi leaves in the cloud."""

    change: PlatformSpec | None
    """The spec of an update; None if the spec allows no change."""


def run_trials(stage: RehearsalStage, injection: FaultInjection, count: int, seed: int) -> Iterator[FaultOutcome]:
    """Inject faults and yield their outcomes.

    Args:
        stage: its cloud is empty and has the faults of `injection`.
        injection: sets the faults.
        count: how many.
        seed: decides which faults.

    Raises:
        BaselineFailed: the platform cannot be created even without faults.
    """
    # every run begins as one after the first release: faults are what differs
    # the cloud's own protection refuses every deletion until people lift it by the spec, as the life before has shown
    stage.use_spec(stage.spec.overlay(deletion_protection=False))
    push_programs(stage)
    try:
        release_all(stage)
    except Unacceptable as refused:
        raise BaselineFailed(failures_of_problems(refused.problems)) from None
    spec = stage.spec
    baseline = _run_baseline(stage)
    for fault in choose_faults(count, seed, baseline.candidates):
        _restore(stage, baseline.empty if fault.op == "create" else baseline.platform)
        stage.retained = set() if fault.op == "create" else set(baseline.retained)
        stage.use_spec(baseline.change if fault.op == "update" and baseline.change else spec)
        yield _run_trial(stage, injection, fault, baseline)


def _run_baseline(stage: RehearsalStage) -> Baseline:
    empty = _save(stage, "empty")
    _require_success(stage, stage.engine.stack(*UP))
    stage.note_retained()
    retained = frozenset(stage.retained)
    created = stage.cloud.contents()
    platform = _save(stage, "made")
    creates = [(held.token, held.name) for held in created]
    change = change_turns(stage.spec, "tag", stage.target)
    expected: dict[Operation, Contents] = {"create": created, "delete": ()}
    candidates: dict[Operation, list[tuple[str, str]]] = {"create": creates}
    kept = {(resource.type, resource.name) for resource in stage.engine.state().resources if resource.retained}
    candidates["delete"] = [key for key in creates if key not in kept]
    target = None if isinstance(change, SkippedChange) else change[-1].spec
    if target is not None:
        stage.use_spec(target)
        run = stage.engine.stack(*UP)
        _require_success(stage, run)
        expected["update"] = stage.cloud.contents()
        updated = {_key(urn) for op, urn, _ in run.events.touched if op == "update"}
        candidates["update"] = [key for key in creates if key in updated]
    return Baseline(empty, platform, expected, candidates, retained, target)


def _run_trial(
    stage: RehearsalStage, injection: FaultInjection, fault: InjectedFault, baseline: Baseline
) -> FaultOutcome:
    begin = time.monotonic()
    command = DESTROY if fault.op == "delete" else UP
    if fault.op == "delete":
        stage.engine.stack("state", "unprotect", "--all", "--yes")
    killed = fault.kind.startswith("killed")
    injection.set(fault)
    stage.cloud.run()
    first = stage.engine.stack(*command, watch=injection.watch, checkpoints=killed)
    happened = injection.happened
    injection.set(None)
    if killed:
        _settle(stage)
    else:
        stage.note_retained()
    # an interrupted destroy ends with exit code 0 and half of the resources left
    done = first.code == 0 and fault.kind != "interrupted"
    commands = () if done else recover_state(stage, killed=killed)
    second = first if done else stage.engine.stack(*command)
    failures = failures_of(second, stage.cloud) if second.code else ()
    if not happened:
        failures += (RehearsalFailure(str(fault), "did not happen: the operation was never called"),)
    failures += _compare_end(stage, fault, baseline)
    recovery = "nothing to do" if done else "; ".join((*commands, "re-run")) if commands else PLAIN
    return FaultOutcome(str(fault), not failures, recovery, time.monotonic() - begin, failures)


def _compare_end(stage: RehearsalStage, fault: InjectedFault, baseline: Baseline) -> tuple[RehearsalFailure, ...]:
    contents = stage.cloud.contents()
    state = stage.engine.state()
    if fault.op == "delete":
        left = [held for held in contents if (held.token, held.id) not in stage.retained]
        behind = tuple(RehearsalFailure(f"{held.name} ({held.token})", "is left behind in the cloud") for held in left)
        return behind + tuple(
            RehearsalFailure(subject_of(resource.urn), "is left in the state") for resource in state.resources
        )
    return compare_clouds(baseline.expected[fault.op], contents, stage.cloud.account) + compare_with_state(
        state, contents, stage.retained
    )


def _settle(stage: RehearsalStage) -> None:
    """Wait for calls that were under way when the engine was killed, which still reach the cloud."""
    before, now = -1, stage.cloud.counts.total()
    while before != now:
        time.sleep(_SETTLE)
        before, now = now, stage.cloud.counts.total()


def _require_success(stage: RehearsalStage, run: CommandRun) -> None:
    if run.code:
        raise BaselineFailed(failures_of(run, stage.cloud))


def _save(stage: RehearsalStage, name: str) -> CloudSnapshot:
    shutil.copytree(stage.project.folder / "state", _state_copy(stage, name))
    return stage.cloud.remember(name)


def _restore(stage: RehearsalStage, snapshot: CloudSnapshot) -> None:
    state = stage.project.folder / "state"
    shutil.rmtree(state)
    shutil.copytree(_state_copy(stage, snapshot.name), state)
    stage.cloud.recall(snapshot)


def _state_copy(stage: RehearsalStage, name: str) -> Path:
    return stage.project.folder / f"state-{name}"


def _key(urn: str) -> tuple[str, str]:
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2], parts[3]
