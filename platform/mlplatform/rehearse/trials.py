"""Injects one fault after the other, each into a run that begins where the last undisturbed one stood."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlplatform.mock_cloud.cloud import CloudSnapshot
from mlplatform.rehearse import reading
from mlplatform.rehearse.changes import Skipped, changed
from mlplatform.rehearse.comparing import Contents, differs, unlike_state
from mlplatform.rehearse.ending import DESTROY
from mlplatform.rehearse.engine import Run
from mlplatform.rehearse.fault import Fault, Op, choose
from mlplatform.rehearse.injection import Injection
from mlplatform.rehearse.model import Failure, Survival
from mlplatform.rehearse.playing import UP
from mlplatform.rehearse.recovery import PLAIN, recover
from mlplatform.rehearse.stage import Stage
from mlplatform.spec.platform import PlatformSpec

_SETTLE = 0.2
"""Seconds in which nothing more arrives at a cloud whose engine was killed."""


class NoGround(Exception):
    """The undisturbed run itself failed; the text says how."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where runs begin and end when nothing goes wrong."""

    empty: CloudSnapshot
    """Before anything is made."""

    made: CloudSnapshot
    """With the platform."""

    expected: dict[Op, Contents]
    """What the cloud holds after each operation."""

    candidates: dict[Op, list[tuple[str, str]]]
    """Type and name of what each operation happens to."""

    retained: frozenset[tuple[str, str]]
    """Type and id of what stays when the stack lets go of it."""

    change: PlatformSpec | None
    """What an update changes to; None where the spec allows no change."""


def trials(stage: Stage, injection: Injection, count: int, seed: int) -> Iterator[Survival]:
    """Inject faults and see what becomes of them.

    Args:
        stage: with an empty cloud, whose faults are `injection`.
        injection: sets them.
        count: how many.
        seed: which.

    Raises:
        NoGround: the platform cannot be made even when nothing goes wrong.
    """
    spec = stage.spec
    ground = _ground(stage)
    for fault in choose(count, seed, ground.candidates):
        _restore(stage, ground.empty if fault.op == "create" else ground.made)
        stage.retained = set() if fault.op == "create" else set(ground.retained)
        stage.play(ground.change if fault.op == "update" and ground.change else spec)
        yield _trial(stage, injection, fault, ground)


def _ground(stage: Stage) -> Ground:
    empty = _saved(stage, "empty")
    _must(stage, stage.engine.stack(*UP))
    stage.know_retained()
    retained = frozenset(stage.retained)
    made_contents = stage.cloud.contents()
    made = _saved(stage, "made")
    creates = [(held.token, held.name) for held in made_contents]
    change = changed(stage.spec, "tag", stage.target)
    expected: dict[Op, Contents] = {"create": made_contents, "delete": ()}
    candidates: dict[Op, list[tuple[str, str]]] = {"create": creates}
    kept = {(kept.type, kept.name) for kept in stage.engine.state().resources if kept.retained}
    candidates["delete"] = [key for key in creates if key not in kept]
    target = None if isinstance(change, Skipped) else change[-1].spec
    if target is not None:
        stage.play(target)
        run = stage.engine.stack(*UP)
        _must(stage, run)
        expected["update"] = stage.cloud.contents()
        updated = {_key(urn) for op, urn, _ in run.events.touched if op == "update"}
        candidates["update"] = [key for key in creates if key in updated]
    return Ground(empty, made, expected, candidates, retained, target)


def _trial(stage: Stage, injection: Injection, fault: Fault, ground: Ground) -> Survival:
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
        stage.know_retained()
    # an interrupted destroy ends with 0 and half of everything left
    done = first.code == 0 and fault.kind != "interrupted"
    told = () if done else recover(stage, killed=killed)
    second = first if done else stage.engine.stack(*command)
    found = reading.failures(second, stage.cloud) if second.code else ()
    if not happened:
        found += (Failure(str(fault), "did not happen: the operation never came"),)
    found += _end(stage, fault, ground)
    recovery = "nothing to do" if done else "; ".join((*told, "re-run")) if told else PLAIN
    return Survival(str(fault), not found, recovery, time.monotonic() - begin, found)


def _end(stage: Stage, fault: Fault, ground: Ground) -> tuple[Failure, ...]:
    contents = stage.cloud.contents()
    state = stage.engine.state()
    if fault.op == "delete":
        left = [held for held in contents if (held.token, held.id) not in stage.retained]
        behind = tuple(Failure(f"{held.name} ({held.token})", "is left behind in the cloud") for held in left)
        return behind + tuple(Failure(reading.subject(kept.urn), "is left in the state") for kept in state.resources)
    return differs(ground.expected[fault.op], contents, stage.cloud.account) + unlike_state(
        state, contents, stage.retained
    )


def _settle(stage: Stage) -> None:
    """Calls that were under way when the engine was killed still reach the cloud."""
    before, now = -1, stage.cloud.counts.total()
    while before != now:
        time.sleep(_SETTLE)
        before, now = now, stage.cloud.counts.total()


def _must(stage: Stage, run: Run) -> None:
    if run.code:
        failures = reading.failures(run, stage.cloud)
        raise NoGround("\n".join(f"{failure.subject}: {failure.answer}" for failure in failures))


def _saved(stage: Stage, name: str) -> CloudSnapshot:
    shutil.copytree(stage.workshop.folder / "state", _kept_state(stage, name))
    return stage.cloud.remember(name)


def _restore(stage: Stage, memory: CloudSnapshot) -> None:
    state = stage.workshop.folder / "state"
    shutil.rmtree(state)
    shutil.copytree(_kept_state(stage, memory.name), state)
    stage.cloud.recall(memory)


def _kept_state(stage: Stage, name: str) -> Path:
    return stage.workshop.folder / f"state-{name}"


def _key(urn: str) -> tuple[str, str]:
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2], parts[3]
