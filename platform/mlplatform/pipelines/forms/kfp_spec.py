"""The pipeline specification of Kubeflow Pipelines, which Vertex AI Pipelines runs: its messages as far as we use them.

https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto; field names are those of its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.fast.record import record

SCHEMA_VERSION = "2.1.0"


@record(kw_only=True)
class IrArtifactType:
    """The type of an artefact."""

    schema_title: str
    """`system.Model`, `system.Dataset`, `system.Artifact`."""

    schema_version: str = "0.0.1"
    """Its version."""


@record(kw_only=True)
class IrArtifactDefinition:
    """An artefact that a component reads or writes."""

    artifact_type: IrArtifactType
    """Its type."""


@record(kw_only=True)
class IrParameterDefinition:
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
class IrDefinitions:
    """What a component reads or writes."""

    artifacts: Mapping[str, IrArtifactDefinition] | None = None
    """Folders."""

    parameters: Mapping[str, IrParameterDefinition] | None = None
    """Values."""


@record(kw_only=True)
class IrComponent:
    """What a task does."""

    executor_label: str
    """Its executor."""

    input_definitions: IrDefinitions | None = None
    """What it reads."""

    output_definitions: IrDefinitions | None = None
    """What it writes."""


@record(kw_only=True)
class IrEnvVar:
    """An environment variable."""

    name: str
    """Its name."""

    value: str
    """Its value."""


@record(kw_only=True)
class IrAcceleratorConfig:
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
class IrResourceSpec:
    """The machine of a container."""

    cpu_limit: float
    """CPUs."""

    memory_limit: float
    """Memory, GB as Google counts them."""

    resource_cpu_limit: str
    """CPUs."""

    resource_memory_limit: str
    """Memory with its unit."""

    accelerator: IrAcceleratorConfig | None = None
    """Accelerators. Omitted: none."""


@record(kw_only=True)
class IrContainerSpec:
    """A container."""

    image: str
    """Image."""

    command: tuple[str, ...]
    """Program."""

    args: tuple[str, ...]
    """Arguments."""

    env: tuple[IrEnvVar, ...] | None
    """Environment variables; placeholders in them are not replaced."""

    resources: IrResourceSpec
    """Its machine."""


@record(kw_only=True)
class IrConstant:
    """A constant."""

    constant: str
    """Its value."""


@record(kw_only=True)
class IrImporterSpec:
    """Makes a folder that is there already an artefact."""

    artifact_uri: IrConstant
    """Its address."""

    type_schema: IrArtifactType
    """Its type."""


@record(kw_only=True)
class IrExecutor:
    """How a component is done: one of these."""

    container: IrContainerSpec | None = None
    """By a container."""

    importer: IrImporterSpec | None = None
    """By an import."""


@record(kw_only=True)
class IrArtifactSource:
    """Where an artefact comes from."""

    task_output_artifact: IrTaskOutputArtifact
    """The output of another task."""


@record(kw_only=True)
class IrTaskOutputArtifact:
    """An artefact of another task."""

    output_artifact_key: str
    """Its name there."""

    producer_task: str
    """The task."""


@record(kw_only=True)
class IrTaskOutputParameter:
    """A value of another task."""

    output_parameter_key: str
    """Its name there."""

    producer_task: str
    """The task."""


@record(kw_only=True)
class IrParameterSource:
    """Where a value comes from: one of these."""

    component_input_parameter: str | None = None
    """A parameter of the pipeline."""

    task_output_parameter: IrTaskOutputParameter | None = None
    """A value of another task."""

    runtime_value: IrConstant | None = None
    """A constant."""


@record(kw_only=True)
class IrTaskInputs:
    """What a task is given."""

    artifacts: Mapping[str, IrArtifactSource] | None = None
    """Folders."""

    parameters: Mapping[str, IrParameterSource] | None = None
    """Values."""


@record(kw_only=True)
class IrNamed:
    """A name."""

    name: str
    """The name."""


@record(kw_only=True)
class IrCachingOptions:
    """Whether outputs are used again."""

    enable_cache: bool
    """Whether they are."""


@record(kw_only=True)
class IrRetryPolicy:
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
class IrTriggerPolicy:
    """When a task runs."""

    condition: str
    """In CEL, over the task's own inputs."""


@record(kw_only=True)
class IrPipelineTask:
    """A task."""

    task_info: IrNamed
    """Its name."""

    component_ref: IrNamed
    """What it does."""

    caching_options: IrCachingOptions
    """Whether its outputs are used again."""

    dependent_tasks: tuple[str, ...] | None = None
    """Tasks that end before it."""

    inputs: IrTaskInputs | None = None
    """What it is given."""

    retry_policy: IrRetryPolicy | None = None
    """Further attempts. Omitted: none."""

    trigger_policy: IrTriggerPolicy | None = None
    """When it runs. Omitted: always."""


@record(kw_only=True)
class IrDag:
    """A graph."""

    tasks: Mapping[str, IrPipelineTask]
    """Its tasks."""


@record(kw_only=True)
class IrRoot:
    """The pipeline's graph and parameters."""

    dag: IrDag
    """The graph."""

    input_definitions: IrDefinitions | None
    """The parameters."""


@record(kw_only=True)
class IrDeploymentSpec:
    """How components are done."""

    executors: Mapping[str, IrExecutor]
    """By label."""


@record(kw_only=True)
class PipelineIr:
    """A pipeline."""

    pipeline_info: IrNamed
    """Its name."""

    root: IrRoot
    """Graph and parameters."""

    components: Mapping[str, IrComponent]
    """What tasks do."""

    deployment_spec: IrDeploymentSpec
    """How they are done."""

    schema_version: str
    """Version of this specification."""

    sdk_version: str
    """What wrote it."""
