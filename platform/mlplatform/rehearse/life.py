"""The sequence: a stack is made, left alone, changed, and taken down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mlplatform.rehearse import reading
from mlplatform.rehearse.changes import TYPICAL, Skipped, Turn, changed
from mlplatform.rehearse.ending import destroyed, kept_data, protected, unprotected
from mlplatform.rehearse.model import Failure, Phase
from mlplatform.rehearse.playing import phase, up
from mlplatform.rehearse.secrets import leaks
from mlplatform.rehearse.stage import Stage
from mlplatform.spec.platform import PlatformSpec

_SAME = "nothing changes"
_CHANGED = "the change is made"
_STALE = (
    "an autoscaler or a rollout owns it: let the program ignore its changes (ignore_changes), and the state know what "
    "it is before every update (`options: refresh: always` in Pulumi.yaml)"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A change to play: one of the typical ones, or another spec."""

    title: str
    """For people."""

    name: str = ""
    """One of `changes.TYPICAL`; empty for a spec."""

    spec: PlatformSpec | None = None
    """The whole spec after the change."""


def typical() -> tuple[Step, ...]:
    """Every typical change."""
    return tuple(Step(title, name) for name, (title, _) in TYPICAL.items())


def life(stage: Stage, steps: tuple[Step, ...], begin: Callable[[str], None]) -> Iterator[Phase]:
    """Play the sequence; ends early where a phase does not show what it must.

    Args:
        stage: with an empty cloud.
        steps: changes to play.
        begin: told the name of each phase as it begins.
    """
    phases: tuple[Callable[[], Iterator[Phase]], ...] = (
        lambda: _made(stage, begin),
        lambda: _changes(stage, steps, begin),
        lambda: _taken_down(stage, begin),
    )
    for part in phases:
        for played in part():
            yield played
            if not played.ok:
                return


def _made(stage: Stage, begin: Callable[[str], None]) -> Iterator[Phase]:
    begin("up")
    yield up(stage, "up")
    stage.cloud.drift("rolled out")
    begin("preview")
    yield _unchanged(stage, "preview")
    begin("refresh")
    yield _unchanged(stage, "refresh", "--yes")


def _changes(stage: Stage, steps: tuple[Step, ...], begin: Callable[[str], None]) -> Iterator[Phase]:
    for step in steps:
        turns = (Turn(step.spec),) if step.spec else changed(stage.spec, step.name, stage.target)
        if isinstance(turns, Skipped):
            begin(step.title)
            yield Phase(step.title, _CHANGED, True, 0.0, notes=(f"skipped: {turns.reason}",))
            continue
        for turn in turns:
            yield from _turn(stage, turn, f"{step.title}: {turn.title}" if turn.title else step.title, begin)


def _turn(stage: Stage, turn: Turn, title: str, begin: Callable[[str], None]) -> Iterator[Phase]:
    if turn.before:
        stage.cloud.drift(turn.before)
        begin(f"{title}: moved, preview")
        yield _unchanged(stage, "preview", name=f"{title}: moved, preview")
    begin(title)
    stage.play(turn.spec)
    yield _change(stage, title)
    stage.cloud.drift(turn.after)
    if turn.after == "taken back":
        # what was declared is not what serves, and a preview may say so
        return
    begin(f"{title}, preview")
    yield _unchanged(stage, "preview", name=f"{title}, preview")


def _change(stage: Stage, title: str) -> Phase:
    """Make a change, which undoes nothing that the cloud moved by itself."""
    played = _made_after_protection(stage, title)
    undone = tuple(Failure(found.subject, f"was set back: {found.words}", _STALE) for found in stage.cloud.set_back())
    return replace(played, ok=False, failures=(*played.failures, *undone)) if undone else played


def _made_after_protection(stage: Stage, title: str) -> Phase:
    """Make a change; where only protection is in its way, take it off what is to go, as a person would."""
    first = up(stage, title, _CHANGED)
    guarded = {failure.subject for failure in first.failures if reading.PROTECTED in failure.answer}
    if first.ok or len(guarded) < len(first.failures):
        return first
    kept = [kept for kept in stage.engine.state().resources if reading.subject(kept.urn) in guarded]
    stage.engine.stack("state", "unprotect", *(kept.urn for kept in kept), "--yes")
    again = up(stage, title, _CHANGED)
    note = "refused at first, as it deletes what is protected; unprotected for it: "
    return replace(
        again,
        seconds=first.seconds + again.seconds,
        simulated=first.simulated + again.simulated,
        # a plain dict: what counts is copied by those who write it down
        changes=dict(Counter(first.changes) + Counter({op: n for op, n in again.changes.items() if op != "same"})),
        notes=(note + ", ".join(sorted(guarded)), *first.notes, *again.notes),
    )


def _unchanged(stage: Stage, command: str, *arguments: str, name: str = "") -> Phase:
    stage.cloud.run()
    run = stage.engine.stack(command, "--expect-no-changes", *arguments)
    calm = run.code == 0 and not run.events.changed and not stage.cloud.counts
    found = () if calm else reading.differing(run) or reading.failures(run, stage.cloud)
    return phase(stage, run, name or command, _SAME, ok=calm, failures=found)


def _taken_down(stage: Stage, begin: Callable[[str], None]) -> Iterator[Phase]:
    begin("secrets")
    yield leaks(stage, "secrets")
    for name, play in (
        ("destroy, protected", protected),
        ("unprotect", unprotected),
        ("destroy, stores hold data", kept_data),
        ("destroy", destroyed),
    ):
        begin(name)
        found = play(stage, name)
        if found is not None:
            yield found
    begin("secrets, destroyed")
    yield leaks(stage, "secrets, destroyed")
