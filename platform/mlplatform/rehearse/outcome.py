"""From a command's outcome to a phase of the report, with failures and their causes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.refusal import RefusedCall
from mlplatform.rehearse.engine import CommandRun
from mlplatform.rehearse.events import EngineError
from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.stage import RehearsalStage

UP = ("up", "--yes", "--skip-preview")
PROTECTED = "because it is protected"
"""Part of the engine's message about a protected resource that it is to delete."""
_SUMMARY = ("occurred while", "update failed", "preview failed", "resource operations failed", "one or more errors")
_LONG = 600
_SHOWN = 12
_UNSTABLE = (
    "the program produces other values when it runs again, or the provider reads back another value than it was sent: "
    "check whether the property has a default, an order or a spelling of its own"
)


def run_up(stage: RehearsalStage, name: str, expects: str = "everything is created") -> RehearsalPhase:
    """Run `pulumi up`, which must succeed."""
    stage.cloud.run()
    run = stage.engine.stack(*UP)
    stage.note_retained()
    return judge_run(stage, run, name, expects, notes=tuple(_replacements(run)))


def judge_run(
    stage: RehearsalStage,
    run: CommandRun,
    name: str,
    expects: str,
    *,
    ok: bool | None = None,
    failures: tuple[RehearsalFailure, ...] | None = None,
    notes: tuple[str, ...] = (),
) -> RehearsalPhase:
    """The phase of a command. Without `ok`, the command must have succeeded."""
    good = run.code == 0 if ok is None else ok
    shown = failures if failures is not None else () if good else failures_of(run, stage.cloud)
    return RehearsalPhase(name, expects, good, run.seconds, stage.cloud.clock.elapsed, run.events.changes, shown, notes)


def failures_of(run: CommandRun, cloud: Cloud) -> tuple[RehearsalFailure, ...]:
    """The failures of a run, each with the cloud's answer and its likely cause."""
    refused = {(call.token, call.name): call for call in cloud.refusals}
    failures = [_failure(error, refused) for error in run.events.errors if not _is_summary(error)]
    if not failures and run.code:
        failures = [RehearsalFailure("the engine", _cut(run.output.strip() or f"ended with {run.code}"))]
    return tuple(dict.fromkeys(failures))[:_SHOWN]


def unexpected_changes(run: CommandRun) -> tuple[RehearsalFailure, ...]:
    """The changes of a run that should change nothing."""
    return tuple(
        RehearsalFailure(subject_of(urn), f"{op}: {', '.join(paths) or 'no property named'}", _UNSTABLE)
        for op, urn, paths in run.events.touched
    )[:_SHOWN]


def subject_of(urn: str) -> str:
    """A resource in reports: its logical name and type."""
    parts = urn.split("::", 3)
    return f"{parts[3]} ({parts[2].rpartition('$')[2]})" if len(parts) == 4 else urn


def _replacements(run: CommandRun) -> Iterator[str]:
    """The replacements of a run, for people."""
    for op, urn, paths in run.events.touched:
        if op == "replace":
            yield f"replaces {subject_of(urn)}: {', '.join(paths)}" if paths else f"replaces {subject_of(urn)}"


def _failure(error: EngineError, refused: dict[tuple[str, str], RefusedCall]) -> RehearsalFailure:
    if not error.urn:
        return RehearsalFailure("the engine", _cut(error.text))
    parts = error.urn.split("::", 3)
    call = refused.get((parts[2].rpartition("$")[2], parts[3])) if len(parts) == 4 else None
    if call is None:
        return RehearsalFailure(subject_of(error.urn), _cut(error.text))
    return RehearsalFailure(subject_of(error.urn), str(call.refused), call.refused.cause, call.refused.source)


def _is_summary(error: EngineError) -> bool:
    """Whether the engine's text only says that there were errors."""
    return not error.urn and any(words in error.text for words in _SUMMARY)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"…{text[-_LONG:]}"
