"""Reads Argo's template back, and finds edges from nowhere: the API server knows nothing of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mlplatform.pipelines.forms.argo import MAIN
from mlplatform.pipelines.forms.argo_gang import OWN_VARIABLES, RUN
from mlplatform.pipelines.forms.seen import Seen, SeenTask, tasks_before
from mlplatform.pipelines.meaning import FromStep, FromStore, Slot, When, Word

_Node = Mapping[str, Any]

_TIMEOUT = re.compile(r"^timeout -k \d+ (\d+) ", re.MULTILINE)
_FROM = re.compile(r"\{\{tasks\.([a-z0-9-]+)\.outputs\.artifacts\.([a-z0-9_]+)\}\}")
_WHEN = re.compile(r"\{\{=asFloat\(tasks\['([^']+)'\]\.outputs\.parameters\['([^']+)'\]\) (>=|<=) ([^}]+)\}\}")
_HANDED = re.compile(r"runs/[a-z0-9-]+/" + re.escape(RUN) + r"/([a-z0-9-]+)/([a-z0-9_]+)\.tgz")
_UNPACKED = re.compile(_HANDED.pattern + r'" -C "/mlplatform/inputs/([a-z0-9_]+)"')
_LINKED = re.compile(r'ln -s "([^"]+)" "/mlplatform/inputs/([a-z0-9_]+)"')
_SLOT = re.compile(r"/mlplatform/(inputs|outputs)/([a-z0-9_]+)|\{\{workflow\.parameters\.(\w+)\}\}|" + re.escape(RUN))


def problems(document: _Node) -> tuple[str, ...]:
    """References to what is not there, one sentence each; none in what `emit` writes."""
    return tuple(_problems(document))


def _problems(document: _Node) -> Iterator[str]:
    templates, tasks = _templates(document), _tasks(document)
    parameters = {each["name"] for each in document["spec"].get("arguments", {}).get("parameters", ())}
    for name, task in tasks.items():
        template = templates.get(task["template"])
        if template is None:
            yield f"{name}: no template {task['template']}"
            continue
        behind = tasks_before({each: _after(task) for each, task in tasks.items()}, name)
        yield from (f"{name}: waits for {each}, which is not there" for each in _after(task) if each not in tasks)
        if name in behind:
            yield f"{name}: waits for itself"
        handed = {each["name"]: each["from"] for each in task.get("arguments", {}).get("artifacts", ())}
        for each in template.get("inputs", {}).get("artifacts", ()):
            if each["name"] not in handed and not {"s3", "gcs", "azure", "handed", "folder"} & set(each):
                yield f"{name}: {each['name']} comes from nowhere"
        used = [
            *_FROM.findall(" ".join(handed.values())),
            *(match[:2] for match in _WHEN.findall(task.get("when", ""))),
        ]
        archives = [_handed(each, _location(each)) for each in template.get("inputs", {}).get("artifacts", ())]
        for producer, output in [*used, *(each for each in archives if each)]:
            made = templates.get(tasks.get(producer, {}).get("template", ""), {}).get("outputs", {})
            known = {each["name"] for kind in ("artifacts", "parameters") for each in made.get(kind, ())}
            if output not in known or producer not in behind:
                yield f"{name}: reads {producer}.{output}, which is not there before it"
        words = " ".join([*template["container"].get("args", ()), *_env(template).values()])
        for parameter in re.findall(r"\{\{workflow\.parameters\.(\w+)\}\}", words):
            if parameter not in parameters:
                yield f"{name}: reads the parameter {parameter}, which is not there"


def _as_pod(template: _Node) -> _Node:
    """A template that makes a set of pods, as if it had one with the same container; the others as they are."""
    if "resource" not in template:
        return template
    made = json.loads(template["resource"]["manifest"])
    pod = made["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
    container = {**pod["containers"][0]}
    words = container["command"]
    start = words.index("step")
    container["env"] = [each for each in container.get("env", ()) if each["name"] not in OWN_VARIABLES]
    container["command"], container["args"] = words[start - 3 : start + 1], words[start + 1 :]
    script = container["command"][2]
    artifacts = [{"name": match[3], "handed": match[1:3]} for match in map(_groups, _UNPACKED.finditer(script))]
    artifacts += [{"name": match[2], "folder": match[1]} for match in map(_groups, _LINKED.finditer(script))]
    outputs = [{"name": name} for name in re.findall(r'-C "/mlplatform/outputs" "([a-z0-9_]+)"', script)]
    return {
        "name": template["name"],
        "container": container,
        "inputs": {"artifacts": artifacts},
        "outputs": {"artifacts": outputs},
        "retryStrategy": {"limit": made["spec"]["failurePolicy"]["maxRestarts"]},
        "nodes": made["spec"]["replicatedJobs"][0]["template"]["spec"]["parallelism"],
    }


def _groups(match: re.Match[str]) -> tuple[str, ...]:
    return (match[0], *match.groups())


def _handed(artifact: _Node, location: str) -> tuple[str, str] | None:
    """Step and output, where an artefact is one that a step hands on as an archive."""
    if "handed" in artifact:
        return tuple(artifact["handed"])
    found = _HANDED.search(location)
    return (found[1], found[2]) if found else None


def _location(artifact: _Node) -> str:
    for kind in ("s3", "gcs", "azure"):
        if kind in artifact:
            return str(artifact[kind].get("key") or artifact[kind].get("blob"))
    return ""


def read(document: _Node, store: Callable[[_Node], str], devices: Callable[[_Node], str | None]) -> Seen:
    """The pipeline that a template means.

    Args:
        document: the template as it is sent.
        store: the address of a folder that an artefact names.
        devices: the accelerators of a container, as the spec writes them.
    """
    tasks = _tasks(document)
    return Seen(
        name=document["metadata"]["name"],
        parameters={each["name"]: each["value"] for each in document["spec"]["arguments"]["parameters"]},
        tasks=tuple(_task(document, name, store, devices) for name in sorted(tasks)),
    )


def _task(
    document: _Node, name: str, store: Callable[[_Node], str], devices: Callable[[_Node], str | None]
) -> SeenTask:
    tasks = _tasks(document)
    task = tasks[name]
    template = _templates(document)[task["template"]]
    container = template["container"]
    handed = {each["name"]: _FROM.fullmatch(each["from"]) for each in task.get("arguments", {}).get("artifacts", ())}
    inputs: dict[str, FromStep | FromStore] = {}
    for each in template.get("inputs", {}).get("artifacts", ()):
        source = handed.get(each["name"])
        archive = _handed(each, _location(each))
        if source or archive:
            inputs[each["name"]] = FromStep(source[1], source[2]) if source else FromStep(*(archive or ("", "")))
        else:
            inputs[each["name"]] = FromStore(store(each))
    requests = container["resources"]["requests"]
    timeout = _TIMEOUT.search(container["command"][2])
    behind = {name, *tasks_before({each: _after(task) for each, task in tasks.items()}, name)}
    return SeenTask(
        name=name,
        image=container["image"],
        command=tuple(_word(name, word) for word in container["args"]),
        env={key: _word(name, value) for key, value in _env(template).items()},
        inputs=inputs,
        outputs=frozenset(each["name"] for each in template.get("outputs", {}).get("artifacts", ())),
        after=frozenset(_after(task)),
        conditions=frozenset(when for each in behind for when in _conditions(document, tasks[each])),
        vcpus=int(requests["cpu"]),
        memory_gib=int(requests["memory"].removesuffix("Gi")),
        accelerator=devices(container),
        retries=template.get("retryStrategy", {}).get("limit", 0),
        timeout_minutes=int(timeout[1]) // 60 if timeout else 0,
        nodes=template.get("nodes", 1),
    )


def _conditions(document: _Node, task: _Node) -> Iterator[When]:
    for match in _WHEN.finditer(task.get("when", "")):
        made = _templates(document)[_tasks(document)[match[1]]["template"]]["outputs"]["artifacts"]
        output = next(each["name"] for each in made if match[2].startswith(f"{each['name']}-"))
        bound = float(match[4])
        low, high = (bound, None) if match[3] == ">=" else (None, bound)
        yield When(FromStep(match[1], output), match[2].removeprefix(f"{output}-"), low, high)


def _word(task: str, text: str) -> Word:
    pattern = re.compile(rf"(?P<checkpoint>[\w./-]*/checkpoints/{task}/{re.escape(RUN)})|" + _SLOT.pattern)
    parts: list[str | Slot] = []
    at = 0
    for match in pattern.finditer(text):
        parts.append(text[at : match.start()])
        if match["checkpoint"]:
            parts.append(Slot("checkpoint"))
        elif match[2]:
            parts.append(Slot("inputs" if match[2] == "inputs" else "outputs", match[3]))
        else:
            parts.append(Slot("parameters", match[4]) if match[4] else Slot("run"))
        at = match.end()
    parts.append(text[at:])
    return tuple(part for part in parts if part != "")


def _env(template: _Node) -> dict[str, str]:
    return {each["name"]: each["value"] for each in template["container"].get("env", ()) if "value" in each}


def _templates(document: _Node) -> dict[str, _Node]:
    return {each["name"]: _as_pod(each) for each in document["spec"]["templates"]}


def _tasks(document: _Node) -> dict[str, _Node]:
    return {each["name"]: each for each in _templates(document)[MAIN]["dag"]["tasks"]}


def _after(task: _Node) -> list[str]:
    return [each.removesuffix(".Succeeded") for each in task.get("depends", "").split(" && ") if each]
