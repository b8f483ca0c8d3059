"""A pipeline for Vertex AI Pipelines and Kubeflow Pipelines: their specification, written without their SDK.

Every folder is an artefact, every declared metric a value. Tasks stand in one graph. A condition is the trigger policy
of a task itself, together with those of the tasks that it needs; TFX writes them so too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.fast.record import record
from mlplatform.pipelines.forms import kfp_spec as ir
from mlplatform.pipelines.forms.entry import MetricFile, entry_script
from mlplatform.pipelines.forms.kfp_local import local_outputs
from mlplatform.pipelines.forms.seen import all_conditions, metric_outputs
from mlplatform.pipelines.forms.vertex_jobs import MEMORY_GIB, VCPUS, WAITS_MINUTES, VertexJob, job_words
from mlplatform.pipelines.meaning import FromStep, FromStore, Meaning, Slot, Task, When, Word
from mlplatform.spec.pipeline_parameters import value_text
from mlplatform.spec.step_folders import OutputKind

RUN = "{{$.pipeline_job_name}}"
"""Name of the run; it is the id with which the run was started."""

_DATA = "system.Dataset"
_TYPES: Mapping[OutputKind, str] = {
    "folder": "system.Artifact",
    "model": "system.Model",
    "metrics": "system.Artifact",
    "predictions": _DATA,
}
_IMPORTED = "artifact"
"""Name of what an import gives."""


def no_job(task: Task) -> None:
    """Where every task is a container step."""
    del task


@record(kw_only=True)
class KfpService:
    """What a service that reads the specification says of itself."""

    device: Callable[[Task], tuple[str, int]]
    """Its name of the accelerators that a task with some gets, and how many."""

    folder: Callable[[str], str]
    """The path at which containers see an address of the store."""

    data: tuple[str, ...] = ()
    """Beginnings of the addresses of data: Vertex ML Metadata lists a folder below them as a data set, with the runs
    that read it. Omitted: every folder is a plain artefact."""

    job: Callable[[Task], VertexJob | None] = no_job
    """What a task is as a custom job of Vertex AI; None for a container step. Omitted: all are."""


def emit(meaning: Meaning, service: KfpService) -> dict[str, Wire]:
    """The specification as the object that `pipelineSpec` of a run holds.

    Args:
        meaning: the pipeline.
        service: what runs it.
    """
    return _Form(meaning, service).document()


def text(document: Mapping[str, Wire]) -> str:
    """The file: JSON, which is YAML too."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def metric_key(output: str, metric: str) -> str:
    """Name of a metric as a value of its task."""
    return f"{output}-{metric}"


def condition_key(when: When) -> str:
    """Name of a condition's operand among a task's inputs.

    Two hyphens between task and value: the local runner of kfp 2.17 resolves no others, and takes what it cannot
    resolve as false.
    """
    return f"pipelinechannel--{when.source.step}--{metric_key(when.source.output, when.metric)}"


class _Form:
    def __init__(self, meaning: Meaning, service: KfpService) -> None:
        self.meaning, self.service = meaning, service
        self.conditions = all_conditions(meaning)
        self.importers = self._importers()

    def _importers(self) -> dict[tuple[str, str], str]:
        """A task for each folder of the store that a task reads."""
        taken = {task.name for task in self.meaning.tasks}
        found: dict[tuple[str, str], str] = {}
        for task in self.meaning.tasks:
            for name, source in task.inputs.items():
                if isinstance(source, FromStore):
                    chosen = f"{task.name}-{name.replace('_', '-')}-store"
                    while chosen in taken:
                        chosen += "-store"
                    taken.add(chosen)
                    found[task.name, name] = chosen
        return found

    def document(self) -> dict[str, Wire]:
        components: dict[str, ir.IrComponent] = {}
        executors: dict[str, ir.IrExecutor] = {}
        tasks: dict[str, ir.IrPipelineTask] = {}
        for task in self.meaning.tasks:
            components[f"comp-{task.name}"] = self.component(task)
            executors[f"exec-{task.name}"] = ir.IrExecutor(container=self.container(task))
            tasks[task.name] = self.task(task)
        for (task, name), importer in self.importers.items():
            source = self.meaning.task(task).inputs[name]
            if isinstance(source, FromStore):
                kind = ir.IrArtifactType(schema_title=self.type_of(source))
                components[f"comp-{importer}"] = _import_component(importer, kind)
                executors[f"exec-{importer}"] = ir.IrExecutor(
                    importer=ir.IrImporterSpec(
                        artifact_uri=ir.IrConstant(constant=source.uri),
                        type_schema=kind,
                    )
                )
                tasks[importer] = _import_task(importer, source.uri)
        parameters = {
            each.name: ir.IrParameterDefinition(
                # a schedule can only give texts, and a step gets text anyway
                parameter_type="STRING",
                default_value=value_text(each.default),
                is_optional=True,
                description=each.type,
            )
            for each in self.meaning.parameters
        }
        whole = wire_value(
            ir.PipelineIr(
                pipeline_info=ir.IrNamed(name=self.meaning.name),
                root=ir.IrRoot(
                    dag=ir.IrDag(tasks=tasks),
                    input_definitions=ir.IrDefinitions(parameters=parameters) if parameters else None,
                ),
                components=components,
                deployment_spec=ir.IrDeploymentSpec(executors=executors),
                schema_version=ir.SCHEMA_VERSION,
                sdk_version="mlplatform",
            )
        )
        return cast("dict[str, Wire]", whole)

    def component(self, task: Task) -> ir.IrComponent:
        inputs = {
            name: ir.IrArtifactDefinition(artifact_type=ir.IrArtifactType(schema_title=self.type_of(source)))
            for name, source in task.inputs.items()
        }
        values = {name: ir.IrParameterDefinition(parameter_type="STRING") for name in _parameters(task)}
        values |= {
            condition_key(when): ir.IrParameterDefinition(parameter_type="NUMBER_DOUBLE")
            for when in self.conditions[task.name]
        }
        outputs = {
            name: ir.IrArtifactDefinition(artifact_type=ir.IrArtifactType(schema_title=_TYPES[output.kind]))
            for name, output in task.outputs.items()
        }
        metrics = {
            metric_key(*each): ir.IrParameterDefinition(parameter_type="NUMBER_DOUBLE") for each in metric_outputs(task)
        }
        return ir.IrComponent(
            executor_label=f"exec-{task.name}",
            input_definitions=_definitions(inputs, values),
            output_definitions=_definitions(outputs, metrics),
        )

    def type_of(self, source: FromStep | FromStore) -> str:
        if isinstance(source, FromStore):
            return _DATA if source.uri.startswith(self.service.data) else _TYPES["folder"]
        return _TYPES[self.meaning.task(source.step).outputs[source.output].kind]

    def container(self, task: Task) -> ir.IrContainerSpec:
        if job := self.service.job(task):
            return self.job(task, job)
        asked = task.resources
        accelerator = None
        if asked.accelerator:
            name, devices = self.service.device(task)
            count = str(devices)
            accelerator = ir.IrAcceleratorConfig(type=name, count=count, resource_type=name, resource_count=count)
        fixed = {key: word for key, word in task.env.items() if not _slots(word)}
        filled = {key: word for key, word in task.env.items() if _slots(word)}
        return ir.IrContainerSpec(
            image=task.image,
            command=("sh", "-c", self.script(task, task.timeout_minutes), "step"),
            args=("{{$}}", *self.program(task, filled)),
            env=tuple(ir.IrEnvVar(name=key, value=self.word(task, word)) for key, word in fixed.items()) or None,
            resources=_machine(asked.vcpus, asked.memory_gib, accelerator),
        )

    def job(self, task: Task, job: VertexJob) -> ir.IrContainerSpec:
        """The step that sends a job and waits for it. What it reads of the metrics is there when the job has ended."""
        folders = {name: _output(name) for name in task.outputs}
        return ir.IrContainerSpec(
            image=job.image,
            command=("sh", "-c", self.script(task, WAITS_MINUTES), "step"),
            args=("{{$}}", *job_words(task, job, folders, self.program(task, task.env))),
            env=None,
            resources=_machine(VCPUS, MEMORY_GIB, None),
        )

    def program(self, task: Task, variables: Mapping[str, Word]) -> list[str]:
        """The words of the step's program, with variables that the container itself does not have."""
        words = [self.word(task, word) for word in task.command]
        if variables:
            words = ["env", *(f"{key}={self.word(task, word)}" for key, word in variables.items()), *words]
        return words

    def script(self, task: Task, timeout_minutes: int) -> str:
        script = entry_script(
            folders=[_output(name) for name in task.outputs],
            metrics=[
                MetricFile(
                    folder=_output(name),
                    metric=metric,
                    file=f"{{{{$.outputs.parameters['{metric_key(name, metric)}'].output_file}}}}",
                )
                for name, metric in metric_outputs(task)
            ],
            timeout_minutes=timeout_minutes,
            last=local_outputs({name: _output(name) for name in task.outputs}),
        )
        # the first argument is what the service knows of the task, the others are the program
        return f"given=$1; shift\n{script}"

    def word(self, task: Task, word: Word) -> str:
        return "".join(part if isinstance(part, str) else self.slot(task, part) for part in word)

    def slot(self, task: Task, slot: Slot) -> str:
        match slot.group:
            case "inputs":
                return f"{{{{$.inputs.artifacts['{slot.name}'].path}}}}"
            case "outputs":
                return _output(slot.name)
            case "parameters":
                return f"{{{{$.inputs.parameters['{slot.name}']}}}}"
            case "checkpoint":
                return f"{self.service.folder(task.checkpoint or '').rstrip('/')}/{RUN}"
            case "run":
                return RUN

    def task(self, task: Task) -> ir.IrPipelineTask:
        artifacts = {name: self.artifact(task, name, source) for name, source in task.inputs.items()}
        values = {name: ir.IrParameterSource(component_input_parameter=name) for name in _parameters(task)}
        conditions = self.conditions[task.name]
        for when in conditions:
            values[condition_key(when)] = ir.IrParameterSource(
                task_output_parameter=ir.IrTaskOutputParameter(
                    output_parameter_key=metric_key(when.source.output, when.metric), producer_task=when.source.step
                )
            )
        importers = [self.importers[task.name, name] for name in task.inputs if (task.name, name) in self.importers]
        # a condition of a task further back needs no edge of its own: what stands between has one
        needed = sorted({*task.after, *importers})
        return ir.IrPipelineTask(
            task_info=ir.IrNamed(name=task.name),
            component_ref=ir.IrNamed(name=f"comp-{task.name}"),
            caching_options=ir.IrCachingOptions(enable_cache=task.cache_days > 0),
            dependent_tasks=tuple(needed) or None,
            inputs=ir.IrTaskInputs(artifacts=artifacts or None, parameters=values or None)
            if artifacts or values
            else None,
            retry_policy=ir.IrRetryPolicy(
                max_retry_count=task.retries, backoff_duration="60s", backoff_factor=2.0, backoff_max_duration="3600s"
            )
            if task.retries
            else None,
            trigger_policy=ir.IrTriggerPolicy(condition=" && ".join(map(_cel, conditions))) if conditions else None,
        )

    def artifact(self, task: Task, name: str, source: FromStep | FromStore) -> ir.IrArtifactSource:
        match source:
            case FromStep():
                producer, key = source.step, source.output
            case FromStore():
                producer, key = self.importers[task.name, name], _IMPORTED
        return ir.IrArtifactSource(
            task_output_artifact=ir.IrTaskOutputArtifact(output_artifact_key=key, producer_task=producer)
        )


def _definitions(
    artifacts: Mapping[str, ir.IrArtifactDefinition], parameters: Mapping[str, ir.IrParameterDefinition]
) -> ir.IrDefinitions | None:
    if not artifacts and not parameters:
        return None
    return ir.IrDefinitions(artifacts=artifacts or None, parameters=parameters or None)


def _import_component(name: str, kind: ir.IrArtifactType) -> ir.IrComponent:
    artifact = ir.IrArtifactDefinition(artifact_type=kind)
    return ir.IrComponent(
        executor_label=f"exec-{name}",
        input_definitions=ir.IrDefinitions(parameters={"uri": ir.IrParameterDefinition(parameter_type="STRING")}),
        output_definitions=ir.IrDefinitions(artifacts={_IMPORTED: artifact}),
    )


def _import_task(name: str, uri: str) -> ir.IrPipelineTask:
    value = ir.IrParameterSource(runtime_value=ir.IrConstant(constant=uri))
    return ir.IrPipelineTask(
        task_info=ir.IrNamed(name=name),
        component_ref=ir.IrNamed(name=f"comp-{name}"),
        caching_options=ir.IrCachingOptions(enable_cache=False),
        inputs=ir.IrTaskInputs(parameters={"uri": value}),
    )


def _machine(vcpus: int, memory_gib: int, accelerator: ir.IrAcceleratorConfig | None) -> ir.IrResourceSpec:
    return ir.IrResourceSpec(
        cpu_limit=float(vcpus),
        memory_limit=float(memory_gib),
        resource_cpu_limit=str(vcpus),
        resource_memory_limit=f"{memory_gib}G",
        accelerator=accelerator,
    )


def _output(name: str) -> str:
    return f"{{{{$.outputs.artifacts['{name}'].path}}}}"


def _slots(word: Word) -> tuple[Slot, ...]:
    return tuple(part for part in word if isinstance(part, Slot))


def _parameters(task: Task) -> list[str]:
    words = [*task.command, *task.env.values()]
    return sorted({slot.name for word in words for slot in _slots(word) if slot.group == "parameters"})


def _cel(when: When) -> str:
    sign, bound = (">=", when.at_least) if when.at_least is not None else ("<=", when.at_most)
    return f"inputs.parameter_values['{condition_key(when)}'] {sign} {float(bound or 0.0)!r}"
