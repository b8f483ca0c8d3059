"""From a command's outcome to what a reader should know of it."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.refusal import RefusedCall
from mlplatform.rehearse.engine import Run
from mlplatform.rehearse.events import Trouble
from mlplatform.rehearse.model import Failure

PROTECTED = "because it is protected"
"""In what the engine says of a resource which it is told to delete and must not."""
_SUMMARY = ("occurred while", "update failed", "preview failed", "resource operations failed", "one or more errors")
_LONG = 600
_SHOWN = 12


def failures(run: Run, cloud: Cloud) -> tuple[Failure, ...]:
    """What went wrong in a run, each with the cloud's answer and its likely cause, most telling first."""
    refused = {(call.token, call.name): call for call in cloud.refusals}
    found = [_failure(trouble, refused) for trouble in run.events.troubles if not _is_summary(trouble)]
    if not found and run.code:
        found = [Failure("the engine", _cut(run.output.strip() or f"ended with {run.code}"))]
    return tuple(dict.fromkeys(found))[:_SHOWN]


def differing(run: Run) -> tuple[Failure, ...]:
    """What a run changes that should change nothing."""
    return tuple(
        Failure(subject(urn), f"{op}: {', '.join(paths) or 'no property named'}", _UNSTABLE)
        for op, urn, paths in run.events.touched
    )[:_SHOWN]


_UNSTABLE = (
    "the program gives other values when it runs again, or the provider reads something else than it was sent: see "
    "whether the property has a default, an order or a spelling of its own"
)


def replaced(run: Run) -> Iterator[str]:
    """What a run replaces and deletes, for people."""
    for op, urn, paths in run.events.touched:
        if op == "replace":
            yield f"replaces {subject(urn)}: {', '.join(paths)}" if paths else f"replaces {subject(urn)}"


def subject(urn: str) -> str:
    """A resource as people name it."""
    parts = urn.split("::", 3)
    return f"{parts[3]} ({parts[2].rpartition('$')[2]})" if len(parts) == 4 else urn


def _failure(trouble: Trouble, refused: dict[tuple[str, str], RefusedCall]) -> Failure:
    if not trouble.urn:
        return Failure("the engine", _cut(trouble.text))
    parts = trouble.urn.split("::", 3)
    call = refused.get((parts[2].rpartition("$")[2], parts[3])) if len(parts) == 4 else None
    if call is None:
        return Failure(subject(trouble.urn), _cut(trouble.text))
    return Failure(subject(trouble.urn), str(call.refused), call.refused.cause, call.refused.source)


def _is_summary(trouble: Trouble) -> bool:
    """The engine adds sentences which only say that there were errors."""
    return not trouble.urn and any(words in trouble.text for words in _SUMMARY)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"…{text[-_LONG:]}"
