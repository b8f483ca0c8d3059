"""The sequence: a stack is created, left alone, changed, and destroyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mlplatform.rehearse.changes import TYPICAL, SkippedChange, change_turns
from mlplatform.rehearse.ending import (
    destroy_all,
    destroy_protected,
    destroy_serving,
    destroy_with_data,
    remove_protection,
)
from mlplatform.rehearse.failing import foresee_refusal, refused_update, taken_back
from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.outcome import (
    PROTECTED,
    failures_of,
    judge_run,
    run_up,
    subject_of,
    unexpected_changes,
)
from mlplatform.rehearse.releasing import promote_all, push_programs, served_answers, waits
from mlplatform.rehearse.secrets import search_secrets
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.rehearse.turn import Turn
from mlplatform.rehearse.way_in import try_way_in
from mlplatform.spec.platform import PlatformSpec

_SAME = "nothing changes"
_CHANGED = "the change is made"
_OWNED = (
    "an autoscaler or a rollout owns it: add it to `ignore_changes`, and refresh before every update "
    "(`options: refresh: always` in Pulumi.yaml)"
)

_LOUD = (
    "this change needs none of that: keep what nodes and instances do not need, such as tags, out of what replaces them"
)


@dataclass(frozen=True, slots=True)
class RehearsalStep:
    """A change to rehearse: one of the typical ones, or another spec."""

    title: str
    """Title for people."""

    name: str = ""
    """Name in `changes.TYPICAL`; empty for a spec."""

    spec: PlatformSpec | None = None
    """The whole spec after the change."""


def typical_steps() -> tuple[RehearsalStep, ...]:
    """All typical changes."""
    return tuple(RehearsalStep(title, name) for name, (title, _) in TYPICAL.items())


def rehearse_life(
    stage: RehearsalStage, steps: tuple[RehearsalStep, ...], begin: Callable[[str], None]
) -> Iterator[RehearsalPhase]:
    """Run the sequence; it ends early after a phase with an unexpected result.

    Args:
        stage: its cloud is empty.
        steps: changes to make.
        begin: called with the name of each phase before it.
    """
    parts: tuple[Callable[[], Iterator[RehearsalPhase]], ...] = (
        lambda: _creation(stage, begin),
        lambda: _changes(stage, steps, begin),
        lambda: _destruction(stage, begin),
    )
    for part in parts:
        for phase in part():
            yield phase
            if not phase.ok:
                return


def _creation(stage: RehearsalStage, begin: Callable[[str], None]) -> Iterator[RehearsalPhase]:
    begin("up")
    push_programs(stage)
    yield run_up(stage, "up")
    stage.cloud.drift("rolled out")
    begin("preview")
    yield _unchanged(stage, "preview")
    begin("refresh")
    yield _unchanged(stage, "refresh", "--yes")
    if stage.inner:
        begin("up, cluster")
        yield run_up(stage.inner, "up, cluster", "everything inside the cluster is created")
        begin("preview, cluster")
        yield _unchanged(stage.inner, "preview", name="preview, cluster")
        begin("refresh, cluster")
        yield _unchanged(stage.inner, "refresh", "--yes", name="refresh, cluster")
    entered = try_way_in(stage, "way in")
    if entered is not None:
        yield entered
    if waits(stage):
        begin("promote")
        yield promote_all(stage)
        begin("up, released")
        yield run_up(stage, "up, released", "what was released is deployed")
        stage.cloud.drift("rolled out")
        if stage.inner and stage.spec.on(stage.target).cluster_endpoints:
            begin("up, released, cluster")
            yield run_up(stage.inner, "up, released, cluster", "what was released starts in the cluster")
        begin("answers")
        yield served_answers(stage)
        begin("released, preview")
        yield _unchanged(stage, "preview", name="released, preview")


def _changes(
    stage: RehearsalStage, steps: tuple[RehearsalStep, ...], begin: Callable[[str], None]
) -> Iterator[RehearsalPhase]:
    for step in steps:
        turns = (Turn(step.spec),) if step.spec else change_turns(stage.spec, step.name, stage.target)
        if isinstance(turns, SkippedChange):
            begin(step.title)
            yield RehearsalPhase(step.title, _CHANGED, True, 0.0, notes=(f"skipped: {turns.reason}",))
            continue
        for turn in turns:
            title = f"{step.title}: {turn.title}" if turn.title else step.title
            if turn.may_be_refused and (foreseen := foresee_refusal(stage.spec, turn.spec, stage.target)):
                begin(title)
                yield refused_update(stage, turn.spec, title, foreseen)
                break
            yield from _turn(stage, turn, title, begin)


def _turn(stage: RehearsalStage, turn: Turn, title: str, begin: Callable[[str], None]) -> Iterator[RehearsalPhase]:
    if turn.before:
        stage.cloud.drift(turn.before)
        begin(f"{title}: moved, preview")
        yield _unchanged(stage, "preview", name=f"{title}: moved, preview")
    begin(title)
    stage.use_spec(turn.spec)
    push_programs(stage)
    if waits(stage):
        begin(f"{title}, promote")
        promoted = promote_all(stage, f"{title}, promote")
        yield promoted
        if not promoted.ok:
            return
    if turn.after == "taken back" and stage.cloud.fire_alarms():
        yield taken_back(stage, title)
        return
    yield _change(stage, title, quiet=turn.quiet)
    stage.cloud.drift(turn.after)
    if turn.after == "taken back":
        # the declared model does not serve, and a preview may show that
        return
    begin(f"{title}, preview")
    yield _unchanged(stage, "preview", name=f"{title}, preview")
    if stage.inner:
        begin(f"{title}, cluster")
        changed = _change_and_unprotect(stage.inner, f"{title}, cluster")
        yield changed
        if changed.changes.get("create") or changed.changes.get("update") or changed.changes.get("replace"):
            begin(f"{title}, cluster, preview")
            yield _unchanged(stage.inner, "preview", name=f"{title}, cluster, preview")
        if turn.spec.on(stage.target).cluster_endpoints:
            begin(f"{title}, answers")
            yield served_answers(stage, f"{title}, answers")


def _change(stage: RehearsalStage, title: str, *, quiet: bool) -> RehearsalPhase:
    """Make a change, which must undo nothing that the cloud changed by itself, nor replace what runs if it is quiet."""
    phase = _change_and_unprotect(stage, title)
    wrong = [RehearsalFailure(move.subject, f"was set back: {move.words}", _OWNED) for move in stage.cloud.set_back()]
    recycled = [(f"{held.name} ({held.token})", words) for held, words in stage.cloud.recycled]
    if quiet:
        wrong += [RehearsalFailure(subject, f"the cloud replaces {words}", _LOUD) for subject, words in recycled]
    elif recycled:
        notes = tuple(f"the cloud replaces {words}: {subject}" for subject, words in recycled)
        phase = replace(phase, notes=(*phase.notes, *notes))
    return replace(phase, ok=False, failures=(*phase.failures, *wrong)) if wrong else phase


def _change_and_unprotect(stage: RehearsalStage, title: str) -> RehearsalPhase:
    """Make a change; if only protection prevents it, remove the protection by name, as a person would."""
    first = run_up(stage, title, _CHANGED)
    protected = {failure.subject for failure in first.failures if PROTECTED in failure.answer}
    if first.ok or len(protected) < len(first.failures):
        return first
    urns = [resource.urn for resource in stage.engine.state().resources if subject_of(resource.urn) in protected]
    stage.engine.stack("state", "unprotect", *urns, "--yes")
    again = run_up(stage, title, _CHANGED)
    note = "refused at first, because it deletes protected resources; unprotected for it: "
    return replace(
        again,
        seconds=first.seconds + again.seconds,
        simulated=first.simulated + again.simulated,
        # a plain dict: a Counter does not survive dataclasses.asdict
        changes=dict(Counter(first.changes) + Counter({op: n for op, n in again.changes.items() if op != "same"})),
        notes=(note + ", ".join(sorted(protected)), *first.notes, *again.notes),
    )


def _unchanged(stage: RehearsalStage, command: str, *arguments: str, name: str = "") -> RehearsalPhase:
    stage.cloud.run()
    run = stage.engine.stack(command, "--expect-no-changes", *arguments)
    unchanged = run.code == 0 and not run.events.changed and not stage.cloud.counts
    failures = () if unchanged else unexpected_changes(run) or failures_of(run, stage.cloud)
    return judge_run(stage, run, name or command, _SAME, ok=unchanged, failures=failures)


def _destruction(stage: RehearsalStage, begin: Callable[[str], None]) -> Iterator[RehearsalPhase]:
    begin("secrets")
    yield search_secrets(stage, "secrets")
    # what is inside of the cluster goes first: its own controllers must still be there to let it go
    for name, end, of in (
        ("destroy, cluster protected", destroy_protected, stage.inner),
        ("unprotect, cluster", remove_protection, stage.inner),
        ("destroy, cluster", destroy_all, stage.inner),
        ("destroy, protected", destroy_protected, stage),
        ("unprotect", remove_protection, stage),
        ("destroy, endpoints serve", destroy_serving, stage),
        ("destroy, stores hold data", destroy_with_data, stage),
        ("destroy", destroy_all, stage),
    ):
        if of is None:
            continue
        begin(name)
        phase = end(of, name)
        if phase is not None:
            yield phase
    begin("secrets, destroyed")
    yield search_secrets(stage, "secrets, destroyed")
