"""Reads Airflow's file back, and finds edges from nowhere before Airflow meets them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mlplatform.pipelines.forms.airflow import RUN
from mlplatform.pipelines.forms.seen import Seen, SeenTask, tasks_before
from mlplatform.pipelines.meaning import FromStep, FromStore, Slot, When, Word

_Node = Mapping[str, Any]

_TIMEOUT = re.compile(r"^timeout -k \d+ (\d+) ", re.MULTILINE)
_CHECK = re.compile(r'number "([^"]+)" (\w+)\)\nawk .* (>=|<=) (\S+)\) \}')
_PARAMETER = re.compile(r"\{\{ params\.(\w+) \}\}")
_KEPT = re.compile(r"\{\{ '(\{\{|\{%|\{#)' \}\}")


def load(text: str) -> _Node:
    """The file's name, parameters and tasks; nothing of it runs."""
    found: dict[str, Any] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("PARAMETERS", "TASKS"):
                found[name.lower()] = ast.literal_eval(node.value)
        if isinstance(node, ast.keyword) and node.arg == "dag_id":
            found["name"] = ast.literal_eval(node.value)
    return found


def problems(document: _Node) -> tuple[str, ...]:
    """References to what is not there, one sentence each; none in what `emit` writes."""
    return tuple(_problems(document))


def _problems(document: _Node) -> Iterator[str]:
    tasks: _Node = document["tasks"]
    for name, task in tasks.items():
        yield from (f"{name}: waits for {each}, which is not there" for each in task["after"] if each not in tasks)
        text = "\n".join([*task["arguments"], *task["env"].values()])
        for parameter in _PARAMETER.findall(text):
            if parameter not in document["parameters"]:
                yield f"{name}: reads the parameter {parameter}, which is not there"
        behind = tasks_before({each: task["after"] for each, task in tasks.items()}, name)
        if name in behind:
            yield f"{name}: waits for itself"
        for producer, _ in _paths(text):
            if producer not in {*behind, name.removesuffix(".when")}:
                yield f"{name}: reads from {producer}, which it does not wait for"


def _paths(text: str) -> list[tuple[str, str]]:
    return re.findall(re.escape(f"/{RUN}/") + r"([a-z0-9-]+)/([a-z0-9_]+)", text)


def read(document: _Node, store: Callable[[str], str], devices: Callable[[_Node], str | None]) -> Seen:
    """The pipeline that a file means.

    Args:
        document: as `load` gives it.
        store: the address of a folder of the store.
        devices: the accelerators of a pod, as the spec writes them.
    """
    tasks: _Node = document["tasks"]
    return Seen(
        name=document["name"],
        parameters=document["parameters"],
        tasks=tuple(_task(tasks, name, store, devices) for name in sorted(tasks) if not name.endswith(".when")),
    )


def _task(tasks: _Node, name: str, store: Callable[[str], str], devices: Callable[[_Node], str | None]) -> SeenTask:
    task = tasks[name]
    script, _, *words = task["arguments"]
    paths = {path: Slot("inputs", each) for each, path in task["reads"].items()}
    paths |= {path: Slot("outputs", each) for each, path in task["writes"].items()}
    sources: dict[str, FromStep | FromStore] = {}
    for each, path in task["reads"].items():
        step = _paths(path)
        sources[each] = FromStep(*step[0]) if step else FromStore(store(path))
    requests = task["pod"]["spec"]["containers"][0]["resources"]["requests"]
    timeout = _TIMEOUT.search(script)
    conditions = [
        when
        for each in {name, *tasks_before({each: task["after"] for each, task in tasks.items()}, name)}
        for when in _condition(tasks, each)
    ]
    return SeenTask(
        name=name,
        image=task["image"],
        command=tuple(_word(name, word, paths) for word in words),
        env={key: _word(name, value, paths) for key, value in task["env"].items()},
        inputs=sources,
        outputs=frozenset(task["writes"]),
        after=frozenset(each for each in task["after"] if not each.endswith(".when")),
        conditions=frozenset(conditions),
        vcpus=int(requests["cpu"]),
        memory_gib=int(requests["memory"].removesuffix("Gi")),
        accelerator=devices(task["pod"]),
        retries=task["retries"],
        timeout_minutes=int(timeout[1]) // 60 if timeout else 0,
    )


def _condition(tasks: _Node, name: str) -> Iterator[When]:
    check = tasks.get(f"{name}.when")
    if check and f"{name}.when" in tasks[name]["after"]:
        match = _CHECK.search(check["arguments"][0])
        if match:
            bound = float(match[4])
            low, high = (bound, None) if match[3] == ">=" else (None, bound)
            yield When(FromStep(*_paths(match[1])[0]), match[2], low, high)


def _word(task: str, text: str, paths: Mapping[str, Slot]) -> Word:
    marks: dict[str, Slot] = {**paths, RUN: Slot("run")}
    # the longest first: a run's name is part of every path
    pattern = "|".join(
        [rf"(?P<checkpoint>[\w./-]*/checkpoints/{task}/{re.escape(RUN)})"]
        + [re.escape(mark) for mark in sorted(marks, key=len, reverse=True)]
        + [_PARAMETER.pattern]
    )
    parts: list[str | Slot] = []
    at = 0
    for match in re.finditer(pattern, text):
        parts.append(text[at : match.start()])
        if match["checkpoint"]:
            parts.append(Slot("checkpoint"))
        else:
            parts.append(marks.get(match[0]) or Slot("parameters", match[2]))
        at = match.end()
    parts.append(text[at:])
    return tuple(_KEPT.sub(r"\1", part) if isinstance(part, str) else part for part in parts if part != "")
