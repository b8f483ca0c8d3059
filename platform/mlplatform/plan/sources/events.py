"""Reads the engine's events, one JSON object per line: `pulumi preview --json` with streaming, or an event log.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlplatform.plan.sources.fields import mapping, text
from mlplatform.plan.sources.preview import preview_from_steps
from mlplatform.plan.sources.source import NotAPlan, Source
from mlplatform.plan.sources.step import StepReader

_BEFORE = "resourcePreEvent"
_AFTER = "resOutputsEvent"


def is_event(document: Mapping[str, object]) -> bool:
    """Whether an object is one of the engine's events."""
    return any(key.endswith("Event") for key in document) or {"sequence", "timestamp"} <= set(document)


def read_events(events: Iterable[Mapping[str, object]], reader: StepReader) -> Source:
    """The preview in a stream of events.

    Raises:
        NotAPlan: they belong to an update, or a resource has no URN.
    """
    steps: list[dict[str, object]] = []
    summary: Mapping[str, object] = {}
    refreshed: dict[str, int] = {}
    for event in events:
        if _BEFORE in event:
            step = _step(mapping(event.get(_BEFORE)))
            if step["op"] == "refresh":
                refreshed[text(step["urn"])] = len(steps)
            steps.append(step)
        elif _AFTER in event:
            # the engine knows the result of a refresh only afterwards
            step = _step(mapping(event.get(_AFTER)))
            place = refreshed.pop(text(step["urn"]), None)
            if place is not None and step["op"] in ("update", "delete"):
                steps[place] = step
        elif "summaryEvent" in event:
            summary_event = mapping(event.get("summaryEvent"))
            summary = mapping(summary_event.get("resourceChanges"))
            if summary_event.get("isPreview") is False:
                raise NotAPlan(
                    "the events of an update", "those of a preview", "run `pulumi preview --json` or `stack export`"
                )
    return preview_from_steps(steps, summary, reader)


def _step(event: Mapping[str, object]) -> dict[str, object]:
    """An event's metadata in the shape of a preview's step."""
    metadata = mapping(event.get("metadata"))
    renamed = {"oldState": "old", "newState": "new", "replaceReasons": "keys", "diffReasons": "diffs"}
    step = {key: metadata.get(wire) for key, wire in renamed.items()}
    return {
        **step,
        "op": text(metadata.get("op")),
        "urn": text(metadata.get("urn")),
        "detailedDiff": metadata.get("detailedDiff"),
    }
