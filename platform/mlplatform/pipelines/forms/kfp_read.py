"""Reads Kubeflow Pipelines' specification back, and finds edges from nowhere: kfp's own loader accepts those."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from mlplatform.pipelines.forms.kfp import RUN
from mlplatform.pipelines.forms.seen import Seen, SeenTask, tasks_before
from mlplatform.pipelines.forms.vertex_jobs import seen_job
from mlplatform.pipelines.meaning import FromStep, FromStore, Group, Slot, When, Word

_Node = Mapping[str, Any]

_PLACEHOLDER = re.compile(
    r"\{\{\$\.(inputs|outputs)\.(artifacts|parameters)\['([^']+)'\]\.?(?:path)?\}\}|("
    + re.escape(RUN)
    + r")|(\{\{checkpoint\}\})"
)
_CONDITION = re.compile(r"inputs\.parameter_values\['([^']+)'\] (>=|<=) (\S+)")
_TIMEOUT = re.compile(r"^timeout -k \d+ (\d+) ", re.MULTILINE)


def problems(document: _Node) -> tuple[str, ...]:
    """References to what is not there, one sentence each; none in what `emit` writes."""
    return tuple(_problems(document))


def _problems(document: _Node) -> Iterator[str]:
    tasks: _Node = document["root"]["dag"]["tasks"]
    components: _Node = document["components"]
    executors: _Node = document["deploymentSpec"]["executors"]
    parameters = _part(document, "root", "inputDefinitions", "parameters")
    for name, component in components.items():
        if component["executorLabel"] not in executors:
            yield f"{name}: no executor {component['executorLabel']}"
    for name, task in tasks.items():
        component = components.get(task["componentRef"]["name"])
        if component is None:
            yield f"{name}: no component {task['componentRef']['name']}"
            continue
        needed = [each for each in task.get("dependentTasks", ()) if each not in tasks]
        yield from (f"{name}: waits for {each}, which is not there" for each in needed)
        for kind in ("artifacts", "parameters"):
            declared, given = _part(component, "inputDefinitions", kind), _part(task, "inputs", kind)
            yield from (f"{name}: {key} is declared and not given" for key in declared if key not in given)
            yield from (f"{name}: {key} is given and not declared" for key in given if key not in declared)
            for key, source in given.items():
                yield from (f"{name}: {key} {each}" for each in _source_problems(document, parameters, source))
        for match in _CONDITION.finditer(task.get("triggerPolicy", {}).get("condition", "")):
            if match[1] not in _part(task, "inputs", "parameters"):
                yield f"{name}: its condition reads {match[1]}, which it is not given"
    yield from (
        f"{name}: waits for itself"
        for name in tasks
        if name in tasks_before({each: task.get("dependentTasks", ()) for each, task in tasks.items()}, name)
    )


def _source_problems(document: _Node, parameters: _Node, source: _Node) -> Iterator[str]:
    tasks, components = document["root"]["dag"]["tasks"], document["components"]
    for field, key, kind in (
        ("taskOutputArtifact", "outputArtifactKey", "artifacts"),
        ("taskOutputParameter", "outputParameterKey", "parameters"),
    ):
        if field in source:
            producer, output = source[field]["producerTask"], source[field][key]
            component: _Node = {}
            if producer in tasks:
                component = components.get(tasks[producer]["componentRef"]["name"], component)
            if output not in _part(component, "outputDefinitions", kind):
                yield f"comes from {producer}.{output}, which is not there"
    named = source.get("componentInputParameter")
    if named is not None and named not in parameters:
        yield f"is the pipeline's parameter {named}, which is not there"


Size = tuple[int, int]


def no_size(machine_type: str) -> Size:
    """Where no task is a custom job."""
    raise ValueError(f"{machine_type}: nobody knows its size")


def read(document: _Node, accelerator: Callable[[str], str], size: Callable[[str], Size] = no_size) -> Seen:
    """The pipeline that a specification means.

    Args:
        document: as `emit` writes it.
        accelerator: the catalogue's name of the service's.
        size: vCPUs and memory, GiB, that a task asked for which got a type of machines. Omitted: no task names one.
    """
    tasks: _Node = document["root"]["dag"]["tasks"]
    return Seen(
        name=document["pipelineInfo"]["name"],
        parameters={
            name: definition["defaultValue"]
            for name, definition in _part(document, "root", "inputDefinitions", "parameters").items()
        },
        tasks=tuple(
            _task(document, name, accelerator, size)
            for name in sorted(tasks)
            if "container" in _executor(document, name)
        ),
    )


def _task(document: _Node, name: str, accelerator: Callable[[str], str], size: Callable[[str], Size]) -> SeenTask:
    task = document["root"]["dag"]["tasks"][name]
    component = document["components"][task["componentRef"]["name"]]
    container = _executor(document, name)["container"]
    resources = container["resources"]
    job = seen_job(container["args"][1:])
    words = [_without_checkpoint(name, word) for word in (job.program if job else container["args"][1:])]
    env = {each["name"]: _word(each["value"]) for each in container.get("env", ())}
    if words[0] == "env":
        words.pop(0)
        while re.match(r"[A-Za-z_][A-Za-z0-9_]*=", words[0]):
            key, _, value = words.pop(0).partition("=")
            env[key] = _word(value)
    inputs = {key: _source(document, source) for key, source in _part(task, "inputs", "artifacts").items()}
    devices = resources.get("accelerator")
    found = f"{devices['type']}:{devices['count']}" if devices else job.accelerator if job else None
    timeout = _TIMEOUT.search(container["command"][2])
    asked = (int(resources["cpuLimit"]), int(resources["memoryLimit"])) if job is None else size(job.machine_type)
    return SeenTask(
        name=name,
        image=job.image if job else container["image"],
        command=tuple(_word(word) for word in words),
        env=dict(sorted(env.items())),
        inputs=inputs,
        outputs=frozenset(_part(component, "outputDefinitions", "artifacts")),
        after=frozenset(each for each in task.get("dependentTasks", ()) if "container" in _executor(document, each)),
        conditions=frozenset(_conditions(document, task)),
        vcpus=asked[0],
        memory_gib=asked[1],
        accelerator=f"{accelerator(found.partition(':')[0])}:{found.partition(':')[2]}" if found else None,
        retries=task.get("retryPolicy", {}).get("maxRetryCount", 0),
        timeout_minutes=job.minutes if job else int(timeout[1]) // 60 if timeout else 0,
        nodes=job.nodes if job else 1,
    )


def _without_checkpoint(task: str, text: str) -> str:
    """The address of a task's checkpoints as the placeholder that it was."""
    return re.sub(rf"[\w./:-]*/checkpoints/{task}/{re.escape(RUN)}", "{{checkpoint}}", text)


def _source(document: _Node, source: _Node) -> FromStep | FromStore:
    output = source["taskOutputArtifact"]
    executor = _executor(document, output["producerTask"])
    if "importer" in executor:
        return FromStore(executor["importer"]["artifactUri"]["constant"])
    return FromStep(output["producerTask"], output["outputArtifactKey"])


def _conditions(document: _Node, task: _Node) -> Iterator[When]:
    components = document["components"]
    for match in _CONDITION.finditer(task.get("triggerPolicy", {}).get("condition", "")):
        given = _part(task, "inputs", "parameters")[match[1]]["taskOutputParameter"]
        producer, key = given["producerTask"], str(given["outputParameterKey"])
        outputs = _part(components[f"comp-{producer}"], "outputDefinitions", "artifacts")
        output = next(name for name in outputs if key.startswith(f"{name}-"))
        bound = float(match[3])
        low, high = (bound, None) if match[2] == ">=" else (None, bound)
        yield When(FromStep(producer, output), key.removeprefix(f"{output}-"), low, high)


def _word(text: str) -> Word:
    parts: list[str | Slot] = []
    at = 0
    for match in _PLACEHOLDER.finditer(text):
        parts.append(text[at : match.start()])
        if match[4] or match[5]:
            parts.append(Slot("run" if match[4] else "checkpoint"))
        else:
            group = "parameters" if match[2] == "parameters" else match[1]
            parts.append(Slot(cast("Group", group), match[3]))
        at = match.end()
    parts.append(text[at:])
    return tuple(part for part in parts if part != "")


def _executor(document: _Node, task: str) -> _Node:
    component = document["components"][document["root"]["dag"]["tasks"][task]["componentRef"]["name"]]
    return document["deploymentSpec"]["executors"][component["executorLabel"]]


def _part(node: _Node, *path: str) -> _Node:
    for name in path:
        node = node.get(name, {})
    return node
