"""The pipeline specification of Kubeflow Pipelines, which Vertex AI Pipelines runs: its messages as far as we use them.

https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto; field names are those of its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.fast.record import record

SCHEMA_VERSION = "2.1.0"


@record(kw_only=True)
class ArtifactType:
    """The type of an artefact."""

    schema_title: str
    """`system.Model`, `system.Dataset`, `system.Artifact`."""

    schema_version: str = "0.0.1"
    """Its version."""


@record(kw_only=True)
class ArtifactDefinition:
    """An artefact that a component reads or writes."""

    artifact_type: ArtifactType
    """Its type."""


@record(kw_only=True)
class ParameterDefinition:
    """A value that a component reads or writes."""

    parameter_type: str
    """`STRING` or `NUMBER_DOUBLE`."""

    default_value: str | None = None
    """Value if none is given. Omitted: one must be given."""

    is_optional: bool | None = None
    """Whether none must be given."""

    description: str | None = None
    """Words for people."""


@record(kw_only=True)
class Definitions:
    """What a component reads or writes."""

    artifacts: Mapping[str, ArtifactDefinition] | None = None
    """Folders."""

    parameters: Mapping[str, ParameterDefinition] | None = None
    """Values."""


@record(kw_only=True)
class Component:
    """What a task does."""

    executor_label: str
    """Its executor."""

    input_definitions: Definitions | None = None
    """What it reads."""

    output_definitions: Definitions | None = None
    """What it writes."""


@record(kw_only=True)
class EnvVar:
    """An environment variable."""

    name: str
    """Its name."""

    value: str
    """Its value."""


@record(kw_only=True)
class AcceleratorConfig:
    """Accelerators of a container. Each fact twice: the second field of each pair is the one of newer versions."""

    type: str
    """Vertex AI's name."""

    count: str
    """How many."""

    resource_type: str
    """Vertex AI's name."""

    resource_count: str
    """How many."""


@record(kw_only=True)
class ResourceSpec:
    """The machine of a container."""

    cpu_limit: float
    """CPUs."""

    memory_limit: float
    """Memory, GB as Google counts them."""

    resource_cpu_limit: str
    """CPUs."""

    resource_memory_limit: str
    """Memory with its unit."""

    accelerator: AcceleratorConfig | None = None
    """Accelerators. Omitted: none."""


@record(kw_only=True)
class ContainerSpec:
    """A container."""

    image: str
    """Image."""

    command: tuple[str, ...]
    """Program."""

    args: tuple[str, ...]
    """Arguments."""

    env: tuple[EnvVar, ...] | None
    """Environment variables; placeholders in them are not replaced."""

    resources: ResourceSpec
    """Its machine."""


@record(kw_only=True)
class Constant:
    """A constant."""

    constant: str
    """Its value."""


@record(kw_only=True)
class ImporterSpec:
    """Makes a folder that is there already an artefact."""

    artifact_uri: Constant
    """Its address."""

    type_schema: ArtifactType
    """Its type."""


@record(kw_only=True)
class Executor:
    """How a component is done: one of these."""

    container: ContainerSpec | None = None
    """By a container."""

    importer: ImporterSpec | None = None
    """By an import."""


@record(kw_only=True)
class ArtifactSource:
    """Where an artefact comes from."""

    task_output_artifact: TaskOutputArtifact
    """The output of another task."""


@record(kw_only=True)
class TaskOutputArtifact:
    """An artefact of another task."""

    output_artifact_key: str
    """Its name there."""

    producer_task: str
    """The task."""


@record(kw_only=True)
class TaskOutputParameter:
    """A value of another task."""

    output_parameter_key: str
    """Its name there."""

    producer_task: str
    """The task."""


@record(kw_only=True)
class ParameterSource:
    """Where a value comes from: one of these."""

    component_input_parameter: str | None = None
    """A parameter of the pipeline."""

    task_output_parameter: TaskOutputParameter | None = None
    """A value of another task."""

    runtime_value: Constant | None = None
    """A constant."""


@record(kw_only=True)
class TaskInputs:
    """What a task is given."""

    artifacts: Mapping[str, ArtifactSource] | None = None
    """Folders."""

    parameters: Mapping[str, ParameterSource] | None = None
    """Values."""


@record(kw_only=True)
class Named:
    """A name."""

    name: str
    """The name."""


@record(kw_only=True)
class CachingOptions:
    """Whether outputs are used again."""

    enable_cache: bool
    """Whether."""


@record(kw_only=True)
class RetryPolicy:
    """Further attempts."""

    max_retry_count: int
    """How many."""

    backoff_duration: str
    """Wait before the first."""

    backoff_factor: float
    """What the wait is multiplied with each time."""

    backoff_max_duration: str
    """Longest wait."""


@record(kw_only=True)
class TriggerPolicy:
    """When a task runs."""

    condition: str
    """In CEL, over the task's own inputs."""


@record(kw_only=True)
class PipelineTask:
    """A task."""

    task_info: Named
    """Its name."""

    component_ref: Named
    """What it does."""

    caching_options: CachingOptions
    """Whether its outputs are used again."""

    dependent_tasks: tuple[str, ...] | None = None
    """Tasks that end before it."""

    inputs: TaskInputs | None = None
    """What it is given."""

    retry_policy: RetryPolicy | None = None
    """Further attempts. Omitted: none."""

    trigger_policy: TriggerPolicy | None = None
    """When it runs. Omitted: always."""


@record(kw_only=True)
class Dag:
    """A graph."""

    tasks: Mapping[str, PipelineTask]
    """Its tasks."""


@record(kw_only=True)
class Root:
    """The pipeline's graph and parameters."""

    dag: Dag
    """The graph."""

    input_definitions: Definitions | None
    """The parameters."""


@record(kw_only=True)
class DeploymentSpec:
    """How components are done."""

    executors: Mapping[str, Executor]
    """By label."""


@record(kw_only=True)
class PipelineIr:
    """A pipeline."""

    pipeline_info: Named
    """Its name."""

    root: Root
    """Graph and parameters."""

    components: Mapping[str, Component]
    """What tasks do."""

    deployment_spec: DeploymentSpec
    """How."""

    schema_version: str
    """Version of this specification."""

    sdk_version: str
    """What wrote it."""
