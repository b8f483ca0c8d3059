"""A pipeline for SageMaker Pipelines: its definition, written without SageMaker's SDK.

A step is a processing job, which keeps each output apart, or a training job where only that can run it. A condition is
a branch with one step in it: what needs that step never starts when the branch is not taken, so that it stands outside.
No step can wait for a branch itself, https://github.com/aws/sagemaker-python-sdk/issues/3565
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from mlplatform.fast.record import record
from mlplatform.pipelines.forms import sagemaker_spec as sm
from mlplatform.pipelines.forms.sagemaker_nodes import MODEL, launched
from mlplatform.pipelines.forms.sagemaker_steps import (
    CacheConfig,
    ConditionArguments,
    ConditionStep,
    Definition,
    JobStep,
    MetricBound,
    MetricOf,
    PropertyFile,
    RetryPolicy,
    json_value,
)
from mlplatform.pipelines.forms.sagemaker_words import arguments, text_of
from mlplatform.pipelines.meaning import FromStep, Meaning, Slot, Task, When, Word
from mlplatform.spec.pipeline_parameters import ParameterSpec, ParameterType

VERSION = "2020-12-01"
LONGEST = 1_048_576
"""Most characters of a definition."""

RUN = "Execution.PipelineExecutionId"
CHECKPOINT = "/opt/ml/checkpoints"
METRICS_FILE = "metrics.json"

Job = Literal["Processing", "Training"]
INPUTS: Mapping[Job, str] = {"Processing": "/opt/ml/processing/input", "Training": "/opt/ml/input/data"}
OUTPUTS: Mapping[Job, str] = {"Processing": "/opt/ml/processing/output", "Training": MODEL}
"""Folders of a job's container,
https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html"""

_TYPES: Mapping[ParameterType, str] = {
    "string": "String",
    "integer": "Integer",
    "float": "Float",
    "boolean": "Boolean",
}
_SERVICE_ERRORS = (
    ("Step.SERVICE_FAULT", "Step.THROTTLING"),
    ("SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"),
)
"""Errors after which a step is tried again, of the step and of its job,
https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html"""


def no_key(_task: Task) -> None:
    """SageMaker's own key."""


def one_process(_task: Task) -> int:
    """One, as on nodes without devices."""
    return 1


@record(kw_only=True)
class SageMakerService:
    """What the platform knows of the place where the definition runs."""

    role_arn: str
    """The role of the jobs."""

    runs_uri: str
    """Folder of the store below which every run has its own, without a slash at the end."""

    machine: Callable[[Task], tuple[str, Job]]
    """Instance type (`ml.m6i.xlarge`) and kind of job of a task."""

    vpc: sm.VpcConfig | None = None
    """Network of the jobs. Omitted: SageMaker's own."""

    peers: str | None = None
    """Security group in which the nodes of one job reach each other. Omitted: none, where no job has several."""

    processes: Callable[[Task], int] = one_process
    """Processes that a node of a job of several has: one for each device. Omitted: one."""

    volume_key: Callable[[Task], str | None] = no_key
    """Key of the disks of a task's machines; None for machines with disks of their own, whose jobs are refused with
    one. Omitted: SageMaker's own."""

    output_key: str | None = None
    """Key of what the jobs write. Omitted: S3's own, whatever the bucket says: SageMaker names a key with each file."""

    tags: tuple[sm.Tag, ...] = ()
    """Tags of the jobs. Omitted: none."""


def emit(meaning: Meaning, service: SageMakerService) -> Definition:
    """The definition of a pipeline.

    Args:
        meaning: the pipeline.
        service: where it runs.
    """
    return _Form(meaning, service).definition()


def text(definition: Definition) -> str:
    """The file: canonical JSON, the same bytes for the same pipeline."""
    return json.dumps(json_value(definition), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def short_text(definition: Definition) -> str:
    """The same in one line, as it is sent to the service: blanks count among its `LONGEST` characters."""
    return json.dumps(json_value(definition), separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def branch_name(task: str) -> str:
    """Name of the condition before a task; no step has an underscore in its name."""
    return f"when_{task}"


class _Form:
    def __init__(self, meaning: Meaning, service: SageMakerService) -> None:
        self.meaning, self.service = meaning, service
        self.jobs = {task.name: service.machine(task) for task in meaning.tasks}

    def definition(self) -> Definition:
        return Definition(
            version=VERSION,
            parameters=tuple(map(_parameter, self.meaning.parameters)),
            steps=tuple(self._step(task) for task in self.meaning.tasks),
        )

    def _step(self, task: Task) -> JobStep | ConditionStep:
        step = self._job(task)
        if task.when is None:
            return step
        branch = ConditionArguments(conditions=(_condition(task.when),), if_steps=(step,))
        return ConditionStep(name=branch_name(task.name), arguments=branch)

    def _job(self, task: Task) -> JobStep:
        job = self.jobs[task.name][1]
        files = [
            PropertyFile(property_file_name=name, output_name=name, file_path=METRICS_FILE)
            for name, output in task.outputs.items()
            if output.metrics and job == "Processing"
        ]
        return JobStep(
            name=task.name,
            type=job,
            arguments=self._processing(task) if job == "Processing" else self._training(task),
            depends_on=task.after or None,
            property_files=tuple(files) or None,
            cache_config=CacheConfig(enabled=True, expire_after=f"P{task.cache_days}D") if task.cache_days else None,
            retry_policies=tuple(
                RetryPolicy(exception_type=errors, max_attempts=task.retries) for errors in _SERVICE_ERRORS
            )
            if task.retries
            else None,
        )

    def _processing(self, task: Task) -> sm.Processing:
        entrypoint, rest = arguments(self._words(task))
        machine, _ = self.jobs[task.name]
        return sm.Processing(
            processing_resources=sm.ProcessingResources(
                cluster_config=sm.ClusterConfig(
                    instance_count=task.resources.nodes,
                    instance_type=machine,
                    volume_size_in_g_b=task.resources.disk_gib,
                    volume_kms_key_id=self.service.volume_key(task),
                )
            ),
            app_specification=sm.AppSpecification(
                image_uri=task.image, container_entrypoint=entrypoint, container_arguments=rest
            ),
            role_arn=self.service.role_arn,
            stopping_condition=sm.StoppingCondition(max_runtime_in_seconds=task.timeout_minutes * 60),
            network_config=sm.NetworkConfig(
                enable_inter_container_traffic_encryption=task.resources.nodes > 1, vpc_config=self.service.vpc
            ),
            processing_inputs=tuple(
                sm.ProcessingInput(
                    input_name=name, s3_input=sm.S3Input(s3_uri=uri, local_path=f"{INPUTS['Processing']}/{name}")
                )
                for name, uri in self._inputs(task)
            )
            or None,
            processing_output_config=sm.ProcessingOutputConfig(
                outputs=tuple(
                    sm.ProcessingOutput(
                        output_name=name,
                        s3_output=sm.S3Output(
                            s3_uri=self._folder(task, name), local_path=f"{OUTPUTS['Processing']}/{name}"
                        ),
                    )
                    for name in task.outputs
                ),
                kms_key_id=self.service.output_key,
            )
            if task.outputs
            else None,
            environment=self._environment(task),
            tags=self.service.tags or None,
        )

    def _training(self, task: Task) -> sm.Training:
        entrypoint, rest = arguments([*launched(task, self.service.processes(task)), *self._words(task)])
        machine, _ = self.jobs[task.name]
        spot, seconds = task.resources.capacity == "spot", task.timeout_minutes * 60
        return sm.Training(
            algorithm_specification=sm.AlgorithmSpecification(
                training_image=task.image, container_entrypoint=entrypoint, container_arguments=rest
            ),
            output_data_config=sm.OutputDataConfig(
                s3_output_path=self._folder(task, ""), kms_key_id=self.service.output_key
            ),
            resource_config=sm.ResourceConfig(
                instance_count=task.resources.nodes,
                instance_type=machine,
                volume_size_in_g_b=task.resources.disk_gib,
                volume_kms_key_id=self.service.volume_key(task),
            ),
            role_arn=self.service.role_arn,
            stopping_condition=sm.StoppingCondition(
                max_runtime_in_seconds=seconds,
                max_wait_time_in_seconds=seconds * (task.retries + 1) if spot else None,
            ),
            enable_inter_container_traffic_encryption=task.resources.nodes > 1,
            enable_managed_spot_training=spot,
            input_data_config=tuple(
                sm.Channel(channel_name=name, data_source=sm.DataSource(s3_data_source=sm.S3DataSource(s3_uri=uri)))
                for name, uri in self._inputs(task)
            )
            or None,
            checkpoint_config=sm.CheckpointConfig(
                s3_uri=sm.Join((f"{task.checkpoint}/", sm.Get(RUN))), local_path=CHECKPOINT
            )
            if task.checkpoint
            else None,
            environment=self._environment(task),
            vpc_config=self._network(task),
            tags=self.service.tags or None,
        )

    def _network(self, task: Task) -> sm.VpcConfig | None:
        """Nodes of one job talk to each other, and other jobs to nobody."""
        vpc, peers = self.service.vpc, self.service.peers
        if vpc is None or peers is None or task.resources.nodes == 1:
            return vpc
        return replace(vpc, security_group_ids=(*vpc.security_group_ids, peers))

    def _inputs(self, task: Task) -> Iterator[tuple[str, sm.Text]]:
        for name, source in task.inputs.items():
            if not isinstance(source, FromStep):
                yield name, source.uri
            elif self.jobs[source.step][1] == "Training":
                yield name, sm.Get(f"Steps.{source.step}.ModelArtifacts.S3ModelArtifacts")
            else:
                path = f"ProcessingOutputConfig.Outputs['{source.output}'].S3Output.S3Uri"
                yield name, sm.Get(f"Steps.{source.step}.{path}")

    def _folder(self, task: Task, output: str) -> sm.Join:
        """Where a task writes: a folder of each run."""
        below = f"/{task.name}/{output}" if output else f"/{task.name}"
        return sm.Join((f"{self.service.runs_uri}/{self.meaning.name}/runs/", sm.Get(RUN), below))

    def _words(self, task: Task) -> list[sm.Text]:
        return [text_of(word, lambda slot: self._slot(task, slot)) for word in task.command]

    def _environment(self, task: Task) -> dict[str, sm.Text] | None:
        def value(word: Word) -> sm.Text:
            return text_of(word, lambda slot: self._slot(task, slot))

        return {name: value(word) for name, word in task.env.items()} or None

    def _slot(self, task: Task, slot: Slot) -> str | sm.Get:
        job = self.jobs[task.name][1]
        match slot.group:
            case "inputs":
                source, folder = task.inputs[slot.name], f"{INPUTS[job]}/{slot.name}"
                # a training job's outputs are folders of one
                inside = isinstance(source, FromStep) and self.jobs[source.step][1] == "Training"
                return f"{folder}/{source.output}" if inside and isinstance(source, FromStep) else folder
            case "outputs":
                return f"{OUTPUTS[job]}/{slot.name}"
            case "parameters":
                return sm.Get(f"Parameters.{slot.name}")
            case "checkpoint":
                return CHECKPOINT
            case "run":
                return sm.Get(RUN)


def _parameter(parameter: ParameterSpec) -> sm.Parameter:
    return sm.Parameter(name=parameter.name, type=_TYPES[parameter.type], default_value=parameter.default)


def _condition(when: When) -> MetricBound:
    least = when.at_least is not None
    bound = when.at_least if when.at_least is not None else when.at_most
    return MetricBound(
        type="GreaterThanOrEqualTo" if least else "LessThanOrEqualTo",
        left_value=MetricOf(step=when.source.step, file=when.source.output, metric=when.metric),
        right_value=bound or 0.0,
    )
