"""A message to the door of pipelines: what a person, CI, a monitor or a labelling tool asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Literal

from mlplatform.fast.record import record
from mlplatform.similar import nearest_names
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.triggers import TriggersSpec, carries

AskedReason = Literal["manual", "code", "drift", "quality", "labels"]
"""Why a run is asked for; schedules and new data are not asked for by anybody."""

_TEXT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:/=@+-")
_LONGEST_VALUE, _LONGEST_KEY = 256, 300


@record(kw_only=True)
class RunRequest:
    """What is asked for."""

    reason: AskedReason
    """What asks for it."""

    key: str
    """What makes it one event: a second message with the same key is a replay, and starts nothing."""

    values: Mapping[str, str]
    """Values of parameters by name, as they were typed."""

    branch: str = ""
    """Of code: the branch."""

    count: int = 1
    """Of labels: how many are new."""

    force: bool = False
    """Whether cool-down, the month's number of runs and `enabled` do not hold."""

    by: str = ""
    """Who asks; the cloud's own word for the caller goes before it where it has one."""


def request_problems(pipeline: PipelineSpec, request: RunRequest) -> Iterator[Problem]:
    """Everything that the door would refuse or skip.

    Args:
        pipeline: the pipeline.
        request: what is asked for.
    """
    if pipeline.triggers is None:
        yield Problem(
            f"pipelines[{pipeline.name}].triggers",
            "none",
            "triggers: without them the pipeline has no door",
            "add `triggers: {}`, so that people can ask for runs, and apply it",
        )
        return
    yield from _reason_problems(pipeline.triggers, request)
    if not request.key or len(request.key) > _LONGEST_KEY or not request.key.isprintable():
        yield Problem("--key", repr(request.key), f"a text of 1 to {_LONGEST_KEY} characters", "name what happened")
    if request.force and request.reason != "manual":
        yield Problem("--force", request.reason, "a person's own request", "leave out --reason, or --force")
    if request.values and request.reason != "manual":
        yield Problem(
            "--set", request.reason, "a person's own request: triggers have their values in the spec", "leave it out"
        )
    for name, text in request.values.items():
        yield from _value_problems(pipeline, name, text)


def _reason_problems(triggers: TriggersSpec, request: RunRequest) -> Iterator[Problem]:
    asked: dict[AskedReason, tuple[bool, str]] = {
        "manual": (True, ""),
        "drift": ("drift" in triggers.events, "add drift to triggers.events"),
        "quality": ("quality" in triggers.events, "add quality to triggers.events"),
        "labels": (triggers.new_labels is not None, "set triggers.new_labels"),
        "code": (triggers.branch is not None, "set triggers.branch"),
    }
    there, fix = asked[request.reason]
    if not there:
        yield Problem("--reason", request.reason, "a reason that the spec's triggers name", f"{fix}, and apply it")
    elif request.reason == "code" and request.branch != triggers.branch:
        yield Problem(
            "--branch", repr(request.branch), f"{triggers.branch}, the branch of triggers", "ask after pushes to it"
        )
    if not triggers.enabled and not request.force:
        yield Problem(
            "triggers.enabled", "false", "true: the door skips everything else", "set it to true, or add --force"
        )


def _value_problems(pipeline: PipelineSpec, name: str, text: str) -> Iterator[Problem]:
    known = {each.name: each for each in pipeline.parameters}
    if name not in known:
        near = nearest_names(name, known)
        yield Problem(
            f"--set {name}",
            f"'{name}'",
            f"one of the pipeline's parameters: {', '.join(known) or 'it has none'}",
            f"write {near[0]}" if near else "use one of these",
        )
        return
    value = typed_value(pipeline, name, text)
    if not carries(known[name], value):
        yield Problem(f"--set {name}", repr(text), f"a value of type {known[name].type}", "correct it")
    elif isinstance(value, str) and (set(value) - _TEXT or len(value) > _LONGEST_VALUE):
        yield Problem(
            f"--set {name}",
            repr(text),
            f"letters, digits and _.,:/=@+- alone, at most {_LONGEST_VALUE}: values reach command lines",
            "hand the path of a file on",
        )


def typed_value(pipeline: PipelineSpec, name: str, text: str) -> bool | int | float | str:
    """A typed text as the parameter's type; the text itself where it is not of that type."""
    kind = next(each.type for each in pipeline.parameters if each.name == name)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    for read in {"integer": (int,), "float": (int, float), "string": ()}[kind]:
        try:
            value = read(text)
        except ValueError:
            continue
        # not a number of JSON
        return value if value == value and abs(value) != float("inf") else text
    return text


def message_text(pipeline: PipelineSpec, request: RunRequest) -> str:
    """The message, JSON. The request has no problems."""
    message: dict[str, object] = {"pipeline": pipeline.name, "reason": request.reason, "key": request.key}
    more = {
        "parameters": {name: typed_value(pipeline, name, text) for name, text in request.values.items()},
        "branch": request.branch if request.reason == "code" else "",
        "count": request.count if request.reason == "labels" else None,
        "force": request.force,
        "by": request.by,
    }
    return json.dumps(message | {name: value for name, value in more.items() if value}, sort_keys=True)
