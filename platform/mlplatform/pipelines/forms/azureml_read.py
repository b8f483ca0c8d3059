"""Reads the requests for Azure ML back, and finds edges from nowhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mlplatform.pipelines.forms.azureml import AFTER, CHECKPOINT, DONE, FOLDER, PARAMETER, out_of_quotes
from mlplatform.pipelines.forms.seen import Seen, SeenTask
from mlplatform.pipelines.meaning import FromStep, FromStore, Slot, Word

_Node = Mapping[str, Any]
Size = tuple[int, int, str | None]

_PARENT = re.compile(r"\$\{\{parent\.(?:inputs\.(\w+)|jobs\.(\w+)\.outputs\.(\w+))\}\}")
_SLOT = re.compile(r"\$\{\{(inputs|outputs)\.(\w+)\}\}|(\$AZUREML_ROOT_RUN_ID)")
_ATTEMPT = re.compile(r"timeout -k 30 (\d+) (.*?)(?:; do n=.*-gt (\d+) .*; done)?(?:; echo done > \S+)?", re.DOTALL)


def _part(requests: list[_Node], kind: str) -> dict[str, _Node]:
    return {each["path"]: each["body"] for each in requests if f"/{kind}/" in each["path"]}


def problems(requests: list[_Node]) -> tuple[str, ...]:
    """References to what is not there, one sentence each."""
    return tuple(_problems(requests))


def _problems(requests: list[_Node]) -> Iterator[str]:
    (job,) = _part(requests, "jobs").values()
    components, computes = _part(requests, "components"), _part(requests, "computes")
    environments = _part(requests, "environments")
    jobs, inputs = job["properties"]["jobs"], job["properties"]["inputs"]
    for path, component in components.items():
        if component["properties"]["componentSpec"]["environment"].removeprefix("azureml:") not in environments:
            yield f"{path}: its environment is nowhere"
    for name, node in jobs.items():
        if node["computeId"] not in computes:
            yield f"{name}: its cluster is nowhere"
        if node["componentId"] not in components:
            yield f"{name}: its component is nowhere"
            continue
        spec = components[node["componentId"]]["properties"]["componentSpec"]
        for kind in ("inputs", "outputs"):
            yield from (f"{name}: {each} is declared or given alone" for each in spec[kind].keys() ^ node[kind].keys())
        used = {(match[1], match[2]) for match in _SLOT.finditer(spec["command"]) if match[1]}
        yield from (f"{name}: its command reads {each}" for kind, each in used if each not in spec[kind])
        for each in node["inputs"].values():
            match = _PARENT.fullmatch(each["value"])
            written: _Node = jobs.get(match[2], {"outputs": {}})["outputs"] if match else {}
            if match is None or (match[1] or match[3]) not in (inputs if match[1] else written):
                yield f"{name}: {each['value']} is nowhere"


def read(requests: list[_Node], name: str, size: Callable[[str], Size]) -> Seen:
    """What the requests mean.

    Args:
        requests: as they are sent.
        name: the pipeline's name.
        size: what a step asked for that got a machine.
    """
    (job,) = _part(requests, "jobs").values()
    components, computes = _part(requests, "components"), _part(requests, "computes")
    environments = _part(requests, "environments")
    properties = job["properties"]
    names = {
        identifier: components[node["componentId"]]["properties"]["componentSpec"]["display_name"]
        for identifier, node in properties["jobs"].items()
    }
    tasks: list[SeenTask] = []
    for node in properties["jobs"].values():
        spec = components[node["componentId"]]["properties"]["componentSpec"]
        inputs: dict[str, FromStep | FromStore] = {}
        after: set[str] = set()
        for key, each in node["inputs"].items():
            match = _PARENT.fullmatch(each["value"])
            if match is None or key.startswith(PARAMETER):
                continue
            if match[2]:
                after.add(names[match[2]])
            if not key.startswith(AFTER):
                inputs[key] = (
                    FromStep(names[match[2]], match[3])
                    if match[2]
                    else FromStore(properties["inputs"][match[1]]["uri"])
                )
        command, env, seconds, retries = _command(spec["command"].removeprefix("set -e; "))
        env |= {key: (value,) for key, value in node.get("environment_variables", {}).items()}
        vcpus, memory_gib, accelerator = size(computes[node["computeId"]]["properties"]["properties"]["vmSize"])
        tasks.append(
            SeenTask(
                name=spec["display_name"],
                image=environments[spec["environment"].removeprefix("azureml:")]["properties"]["image"],
                command=command,
                env=env,
                inputs=inputs,
                outputs=frozenset(node["outputs"].keys() - {CHECKPOINT, DONE}),
                after=frozenset(after),
                conditions=frozenset(),
                vcpus=vcpus,
                memory_gib=memory_gib,
                accelerator=accelerator,
                retries=retries,
                timeout_minutes=seconds // 60,
                nodes=node["resources"]["instance_count"],
            )
        )
    parameters = {
        key: out_of_quotes(each["value"]) for key, each in properties["inputs"].items() if not key.startswith(FOLDER)
    }
    return Seen(name=name, parameters=parameters, tasks=tuple(sorted(tasks, key=lambda task: task.name)))


def _command(text: str) -> tuple[tuple[Word, ...], dict[str, Word], int, int]:
    """The words, variables, seconds and further attempts of a command, as a shell reads it."""
    match = _ATTEMPT.fullmatch(text.removeprefix("n=0; until "))
    if match is None:
        raise ValueError(f"{text[:60]} is no command of ours")
    words = shlex.split(match[2])
    env: dict[str, Word] = {}
    if words[0] == "env":
        words = words[1:]
        while "=" in words[0]:
            key, _, value = words[0].partition("=")
            env[key], words = _word(value), words[1:]
    return tuple(map(_word, words)), env, int(match[1]), int(match[3] or 0)


def _word(text: str) -> Word:
    text = text.replace(f"${{{{outputs.{CHECKPOINT}}}}}/$AZUREML_ROOT_RUN_ID", f"${{{{outputs.{CHECKPOINT}}}}}")
    found: list[str | Slot] = []
    at = 0
    for match in _SLOT.finditer(text):
        if match.start() > at:
            found.append(text[at : match.start()])
        if match[3]:
            found.append(Slot("run"))
        elif match[2] == CHECKPOINT:
            found.append(Slot("checkpoint"))
        elif match[2].startswith(PARAMETER):
            found.append(Slot("parameters", match[2].removeprefix(PARAMETER)))
        else:
            found.append(Slot("outputs" if match[1] == "outputs" else "inputs", match[2]))
        at = match.end()
    if at < len(text):
        found.append(text[at:])
    return tuple(found)
