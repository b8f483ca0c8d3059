"""A pipeline for Azure ML: the requests that make its clusters, environments and components, and start a run.

A step is a component with the hash of its content as version, so that a changed step never runs as the old one. Azure
ML knows no order but that of folders: a step that only waits for another reads a folder that this one writes last. It
tries no step again, so that the command is repeated on its node, and it has no conditions.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from mlplatform.cluster.objects.wire import Wire
from mlplatform.fast.record import record
from mlplatform.pipelines.forms import azureml_spec as az
from mlplatform.pipelines.forms.azureml_clusters import IDLE, cluster_name, most_nodes
from mlplatform.pipelines.meaning import FromStep, Meaning, Slot, Task, Word
from mlplatform.spec.pipeline_parameters import ParameterType, value_text
from mlplatform.spec.pipeline_steps import Distribution

RUN = '"$AZUREML_ROOT_RUN_ID"'
"""Name of the run in a shell, which is the id with which it was started."""

CHECKPOINT, DONE, PARAMETER, FOLDER, AFTER = "Checkpoint", "Done", "Parameter_", "Folder_", "After_"
"""Names, or their beginnings, that no step's own inputs and outputs have: those have no capitals."""

_TYPES: Mapping[ParameterType, str] = {
    "string": "string",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
}
_DISTRIBUTIONS: Mapping[Distribution, str] = {"torch": "PyTorch", "tensorflow": "TensorFlow", "mpi": "Mpi"}
"""Without Ray, which validation refuses: its class is experimental in azure-ai-ml."""


@record(kw_only=True)
class AzureMlService:
    """What the platform knows of the workspace."""

    workspace: str
    """Resource id of the workspace."""

    location: str
    """Its region."""

    identity: str
    """Resource id of the identity of the jobs, which the clusters have."""

    machine: Callable[[Task], str]
    """VM size of a task."""

    folder: Callable[[str], str]
    """Address of a folder of the store as a job reads and writes it: below one of the workspace's datastores."""

    datastore: str
    """Resource id of the datastore that keeps what the steps write."""


@record(kw_only=True)
class AzureMlParts:
    """A pipeline in Azure ML, by what its parts are."""

    clusters: tuple[tuple[str, int], ...]
    """VM size and most nodes of one step, of each cluster."""

    environments: tuple[az.Request, ...]
    """The images of its steps."""

    components: tuple[az.Request, ...]
    """The programs of its steps."""

    run: az.Request
    """Starts a run."""


def parts(meaning: Meaning, service: AzureMlService, run: str) -> AzureMlParts:
    """A pipeline by its parts.

    Args:
        meaning: the pipeline, without conditions.
        service: the workspace.
        run: name of the run.
    """
    form = _Form(meaning, service, run)
    return AzureMlParts(
        clusters=form.clusters(), environments=form.environments(), components=form.components(), run=form.job()
    )


def emit(meaning: Meaning, service: AzureMlService, run: str) -> tuple[az.Request, ...]:
    """The requests, in their order; the last one starts the run.

    Args:
        meaning: the pipeline, without conditions.
        service: the workspace.
        run: name of the run.
    """
    form = _Form(meaning, service, run)
    clusters = tuple(form.cluster(machine, nodes) for machine, nodes in form.clusters())
    return (*clusters, *form.environments(), *form.components(), form.job())


def text(requests: tuple[az.Request, ...]) -> str:
    """The file: canonical JSON, the same bytes for the same pipeline."""
    return json.dumps(az.json_value(requests), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def identifier(name: str) -> str:
    """A name as Azure ML takes it: hyphens are refused in names of components and steps."""
    return name.replace("-", "_")


def tag_of(pipeline: str) -> str:
    """Key of the tag that a pipeline's runs have, whoever starts them: the door finds them by it."""
    return f"pipeline-{pipeline}"


def in_quotes(value: str) -> str:
    """A parameter's value as a run is given it.

    Azure ML puts it between the single quotes that every command of ours has there, as text, and then a shell reads it:
    a quote in it would end the word, and what follows would be another program.
    """
    return value.replace("'", _QUOTE)


_QUOTE = "'\\''"
"""A quote within single quotes of a shell."""


def out_of_quotes(text: str) -> str:
    """The value that a run was given, as its program sees it."""
    return text.replace(_QUOTE, "'")


class _Form:
    def __init__(self, meaning: Meaning, service: AzureMlService, run: str) -> None:
        self.meaning, self.service, self.run = meaning, service, run
        reads = {
            (task.name, source.step)
            for task in meaning.tasks
            for source in task.inputs.values()
            if isinstance(source, FromStep)
        }
        self.waits = {t.name: tuple(each for each in t.after if (t.name, each) not in reads) for t in meaning.tasks}
        self.awaited = {name for names in self.waits.values() for name in names}

    def clusters(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted({(self.service.machine(t), t.resources.nodes) for t in self.meaning.tasks}))

    def environments(self) -> tuple[az.Request, ...]:
        return tuple(
            az.Request(path=self._environment(image), body={"properties": {"image": image, "osType": "Linux"}})
            for image in sorted({task.image for task in self.meaning.tasks})
        )

    def components(self) -> tuple[az.Request, ...]:
        specs = [self._component(task) for task in self.meaning.tasks]
        return tuple(
            az.Request(path=self._component_id(spec), body={"properties": {"componentSpec": az.json_value(spec)}})
            for spec in specs
        )

    def cluster(self, machine: str, nodes: int) -> az.Request:
        scale: Wire = {
            "minNodeCount": 0,
            "maxNodeCount": most_nodes(nodes),
            "nodeIdleTimeBeforeScaleDown": IDLE,
        }
        properties: Wire = {
            "vmSize": machine,
            "vmPriority": "Dedicated",
            "osType": "Linux",
            "enableNodePublicIp": False,
            "scaleSettings": scale,
        }
        return az.Request(
            path=self._cluster_id(machine, nodes),
            body={
                "location": self.service.location,
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {self.service.identity: {}}},
                "properties": {"computeType": "AmlCompute", "disableLocalAuth": True, "properties": properties},
            },
        )

    def _cluster_id(self, machine: str, nodes: int) -> str:
        return f"{self.service.workspace}/computes/{cluster_name(machine, nodes)}"

    def _environment(self, image: str) -> str:
        name = f"{self.meaning.name}-{_digest(image)}"
        return f"{self.service.workspace}/environments/{name}/versions/1"

    def _component_id(self, spec: az.ComponentSpec) -> str:
        return f"{self.service.workspace}/components/{spec.name}/versions/{spec.version}"

    def _component(self, task: Task) -> az.ComponentSpec:
        inputs = {name: az.Port(type="uri_folder", mode="ro_mount") for name in task.inputs}
        inputs |= {f"{AFTER}{identifier(name)}": az.Port(type="uri_folder") for name in self.waits[task.name]}
        types = {each.name: _TYPES[each.type] for each in self.meaning.parameters}
        inputs |= {f"{PARAMETER}{name}": az.Port(type=types[name]) for name in _parameters(task)}
        outputs = {name: az.Port(type="uri_folder", mode="upload") for name in task.outputs}
        if task.checkpoint:
            outputs[CHECKPOINT] = az.Port(type="uri_folder", mode="rw_mount")
        if task.name in self.awaited:
            outputs[DONE] = az.Port(type="uri_folder", mode="upload")
        spec = az.ComponentSpec(
            name=f"{identifier(self.meaning.name)}_{identifier(task.name)}",
            version="",
            display_name=task.name,
            type="command",
            is_deterministic=task.cache_days > 0,
            inputs=inputs,
            outputs=outputs,
            command=self._command(task),
            environment=f"azureml:{self._environment(task.image)}",
        )
        return _versioned(spec)

    def _command(self, task: Task) -> str:
        words = [f"{name}={_word(word)}" for name, word in task.env.items() if not _is_plain(word)]
        program = " ".join(["env", *words, *map(_word, task.command)] if words else map(_word, task.command))
        once = f"timeout -k 30 {task.timeout_minutes * 60} {program}"
        if task.retries:
            again = f'n=$((n+1)); if [ "$n" -gt {task.retries} ]; then exit 1; fi; sleep 30'
            once = f"n=0; until {once}; do {again}; done"
        return f"set -e; {once}; echo done > ${{{{outputs.{DONE}}}}}/done" if task.name in self.awaited else once

    def job(self) -> az.Request:
        inputs: dict[str, Wire] = {
            each.name: {"jobInputType": "literal", "value": in_quotes(value_text(each.default))}
            for each in self.meaning.parameters
        }
        for task in self.meaning.tasks:
            for name, source in task.inputs.items():
                if not isinstance(source, FromStep):
                    inputs[_folder(task, name)] = {
                        "jobInputType": "uri_folder",
                        "uri": self.service.folder(source.uri),
                        "mode": "ReadOnlyMount",
                    }
        jobs: Wire = {identifier(task.name): az.json_value(self._node(task)) for task in self.meaning.tasks}
        settings: Wire = {
            "_source": "YAML.JOB",
            "continue_on_step_failure": False,
            "default_datastore": self.service.datastore,
        }
        properties: Wire = {
            "jobType": "Pipeline",
            "displayName": self.meaning.name,
            "tags": {tag_of(self.meaning.name): self.meaning.model},
            "experimentName": self.meaning.name,
            "inputs": cast("Wire", inputs),
            "jobs": jobs,
            "settings": settings,
        }
        return az.Request(path=f"{self.service.workspace}/jobs/{self.run}", body={"properties": properties})

    def _node(self, task: Task) -> az.Node:
        def bound(name: str) -> az.NodeInput:
            source = task.inputs[name]
            if isinstance(source, FromStep):
                return az.NodeInput(value=f"${{{{parent.jobs.{identifier(source.step)}.outputs.{source.output}}}}}")
            return az.NodeInput(value=f"${{{{parent.inputs.{_folder(task, name)}}}}}")

        inputs = {name: bound(name) for name in task.inputs}
        for name in self.waits[task.name]:
            value = f"${{{{parent.jobs.{identifier(name)}.outputs.{DONE}}}}}"
            inputs[f"{AFTER}{identifier(name)}"] = az.NodeInput(value=value)
        for name in _parameters(task):
            inputs[f"{PARAMETER}{name}"] = az.NodeInput(value=f"${{{{parent.inputs.{name}}}}}")
        plain = {name: "".join(map(str, word)) for name, word in task.env.items() if _is_plain(word)}
        outputs = {name: az.NodeOutput(mode="Upload") for name in task.outputs}
        if task.checkpoint:
            outputs[CHECKPOINT] = az.NodeOutput(mode="ReadWriteMount", uri=self.service.folder(f"{task.checkpoint}/"))
        if task.name in self.awaited:
            outputs[DONE] = az.NodeOutput(mode="Upload")
        return az.Node(
            name=identifier(task.name),
            type="command",
            component=self._component_id(self._component(task)),
            compute=self._cluster_id(self.service.machine(task), task.resources.nodes),
            inputs=inputs,
            outputs=outputs,
            # all attempts, and the half minutes between them
            limits=az.NodeLimits(timeout=f"PT{task.timeout_minutes * (task.retries + 1) + task.retries + 1}M"),
            resources=az.NodeResources(instance_count=task.resources.nodes),
            identity=az.NodeIdentity(),
            distribution=az.NodeDistribution(distribution_type=_DISTRIBUTIONS[task.distribution])
            if task.distribution
            else None,
            environment_variables=plain or None,
        )


def _folder(task: Task, name: str) -> str:
    return f"{FOLDER}{identifier(task.name)}_{name}"


def _parameters(task: Task) -> tuple[str, ...]:
    words = (*task.command, *task.env.values())
    slots = (part for word in words for part in word if isinstance(part, Slot))
    return tuple(sorted({slot.name for slot in slots if slot.group == "parameters"}))


def _is_plain(word: Word) -> bool:
    return all(isinstance(part, str) for part in word)


def _word(word: Word) -> str:
    """A word in a command, which a shell reads after Azure ML has put values in."""
    return "".join(shlex.quote(part) if isinstance(part, str) else _slot(part) for part in word) or "''"


def _slot(slot: Slot) -> str:
    match slot.group:
        case "inputs":
            return f"'${{{{inputs.{slot.name}}}}}'"
        case "outputs":
            return f"'${{{{outputs.{slot.name}}}}}'"
        case "parameters":
            return f"'${{{{inputs.{PARAMETER}{slot.name}}}}}'"
        case "checkpoint":
            return f"'${{{{outputs.{CHECKPOINT}}}}}'/{RUN}"
        case "run":
            return RUN


def _versioned(spec: az.ComponentSpec) -> az.ComponentSpec:
    """With the hash of its content as version."""
    return replace(spec, version=_digest(json.dumps(az.json_value(spec), sort_keys=True)))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]
