"""A pipeline as Azure ML runs it on a target. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend
from mlplatform.components.narrowed import target_of
from mlplatform.components.pipeline_file import FormFile
from mlplatform.components.step_machines import choose_step
from mlplatform.pipelines.forms import azureml
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

_API = "2025-12-01"


def build(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """The requests, for the workspace and the identity that the platform makes.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, AzureTarget)
    steps = {name: step for step in pipeline.steps for name in step.task_names()}

    def machine(task: Task) -> str:
        return choose_step(backend, target, spec, pipeline, steps[task.name]).machine_type

    group = f"/subscriptions/{target.subscription_id}/resourceGroups/{physical_name(spec, 'resource-group', 'rg')}"
    named = target.existing.identities.pipelines if target.existing and target.existing.identities else None
    own = f"Microsoft.ManagedIdentity/userAssignedIdentities/{physical_name(spec, 'identity', 'pipelines')}"
    workspace = physical_name(spec, "ml-workspace", "ml")
    service = azureml.AzureMlService(
        workspace=f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}",
        location=target.location,
        identity=named.id if named else f"{group}/providers/{own}",
        machine=machine,
    )
    requests = azureml.emit(meaning_on(backend, spec, pipeline), service, f"{pipeline.name}-manual-1")
    file = f"{pipeline.name}.azureml.json"
    use = (
        f"send each body to its path in this order: az rest --method put --url '<path>?api-version={_API}'; the last "
        "one starts a run, and every run needs another name at the end of that path"
    )
    return (FormFile(name=file, text=azureml.text(requests), use=use),)
