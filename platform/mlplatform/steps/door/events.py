"""What happened: messages that others put into the queue, in one form.

Nothing of a message reaches a run but values of the pipeline's own parameters, each of its declared type and, as text,
without what a shell or a program's command line reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from mlplatform.steps.door.rules import DoorRules, PipelineRules, Value, has_kind

Reason = Literal["schedule", "data", "drift", "quality", "labels", "code", "manual"]
SENT: tuple[Reason, ...] = ("data", "drift", "quality", "labels", "code", "manual")
"""Reasons that a message may have; schedules are the door's own."""

_FIELDS = {"pipeline", "reason", "key", "source", "count", "branch", "parameters", "force", "by"}
_TEXT = re.compile(r"[A-Za-z0-9_.,:/=@+-]{0,256}")
_LONGEST = 300
MOST_LABELS = 10**9


class BadMessage(ValueError):
    """A message that nobody can act upon: it goes to the dead letters."""


@dataclass(frozen=True)
class NewObject:
    """An object that was written to the store, as the cloud's own event says."""

    address: str
    """Its address, as the rules write the addresses of folders: `s3://bucket/claims/_SUCCESS`."""

    version: str
    """What tells this write from others of the same name: version, generation, ETag."""


@dataclass(frozen=True, kw_only=True)
class DoorEvent:
    """One reason for a run of one pipeline."""

    pipeline: str
    """Its name."""

    reason: Reason
    """What kind of reason."""

    key: str
    """What makes it one event: the same key a second time is a replay."""

    source: str = ""
    """Which schedule or data trigger."""

    count: int = 1
    """Of labels: how many are new."""

    branch: str = ""
    """Of code: the branch."""

    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values of the run's parameters."""

    force: bool = False
    """Of a person: whether cool-down, ceiling of runs and `enabled` do not hold."""

    by: str = ""
    """Who asked for it, as the cloud says, or else as the message says."""

    due: datetime | None = None
    """Of a schedule: when it fired."""


def of_object(found: NewObject, rules: DoorRules) -> Iterator[DoorEvent]:
    """The events that a new object is: one for each pipeline whose data it belongs to."""
    for pipeline in rules.pipelines:
        for data in pipeline.data:
            if data.counts(found.address):
                yield DoorEvent(
                    pipeline=pipeline.name,
                    reason="data",
                    key=f"{found.address}#{found.version}",
                    source=data.name,
                    parameters=data.parameters,
                )


def of_message(text: str, rules: DoorRules, sender: str = "") -> DoorEvent:
    """The event that a message asks for.

    Args:
        text: its body, JSON.
        rules: what the door is told.
        sender: who sent it, as the cloud says; empty where it does not.

    Raises:
        BadMessage: it is of another form, or names a pipeline, reason or parameter that is not there.
    """
    given = _object(text)
    unknown = sorted(set(given) - _FIELDS)
    if unknown:
        raise BadMessage(f"fields that no message has: {', '.join(unknown)[:_LONGEST]}")
    pipeline = rules.pipeline(_text(given, "pipeline"))
    if pipeline is None:
        raise BadMessage(f"pipeline: expected one of {', '.join(each.name for each in rules.pipelines)}")
    reason = _text(given, "reason")
    if reason not in SENT:
        raise BadMessage(f"reason: expected one of {', '.join(SENT)}")
    source = _text(given, "source", "")
    data = next((each for each in pipeline.data if each.name == source), None)
    if reason == "data" and data is None:
        raise BadMessage("source: expected the name of one of the pipeline's data triggers")
    count = given.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_LABELS:
        raise BadMessage(f"count: expected a number from 1 to {MOST_LABELS}")
    force = given.get("force", False)
    if not isinstance(force, bool) or (force and reason != "manual"):
        raise BadMessage("force: expected true or false, and true of a person's message alone")
    if given.get("parameters") and reason != "manual":
        raise BadMessage("parameters: only a person's message has them; the spec has those of triggers")
    key = _text(given, "key")
    return DoorEvent(
        pipeline=pipeline.name,
        reason=reason,
        key=f"{reason} {source} {key}",
        source=source if reason == "data" else "",
        count=count,
        branch=_text(given, "branch", ""),
        parameters=data.parameters if data and reason == "data" else _parameters(given.get("parameters", {}), pipeline),
        force=force,
        by=sender or _text(given, "by", ""),
    )


def _object(text: str) -> dict[str, object]:
    try:
        given: object = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    if not isinstance(given, dict):
        raise BadMessage("not an object of JSON")
    return cast("dict[str, object]", given)


def _text(given: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise BadMessage(f"{name}: expected a printable text of at most {_LONGEST} characters")
    if default is None and not value:
        raise BadMessage(f"{name}: missing")
    return value


def _parameters(given: object, pipeline: PipelineRules) -> Mapping[str, Value]:
    if not isinstance(given, dict):
        raise BadMessage("parameters: expected an object")
    found: dict[str, Value] = {}
    for name, value in cast("dict[str, object]", given).items():
        kind = pipeline.parameters.get(name)
        if kind is None:
            raise BadMessage(f"parameters: expected names of {', '.join(pipeline.parameters) or 'none: it has none'}")
        if not has_kind(value, kind) or (isinstance(value, str) and not _TEXT.fullmatch(value)):
            raise BadMessage(
                f"parameters.{name}: expected {kind}; a text has letters, digits and _.,:/=@+- alone, at most 256"
            )
        found[name] = cast("Value", value)
    return found
