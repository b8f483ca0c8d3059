"""What a pipeline means in the target's workspace, and what the platform knows of that. Imports no SDK."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.backends.azure import addresses
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.repositories import cached_path, registry_server
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend
from mlplatform.components.narrowed import target_of
from mlplatform.components.step_machines import choose_step
from mlplatform.pipelines.forms.azureml import AzureMlService
from mlplatform.pipelines.meaning import Meaning, Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec


def meaning_in(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> Meaning:
    """What a pipeline means, with images where nodes of the workspace's network pull them.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    meaning = meaning_on(backend, spec, pipeline)
    return replace(meaning, tasks=tuple(replace(task, image=_pulled(spec, task.image)) for task in meaning.tasks))


def service_for(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> AzureMlService:
    """The workspace and the identity that the platform makes.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, AzureTarget)
    steps = {name: each for step in pipeline.steps for name, each in step.runs().items()}
    workspace = workspace_id(spec)
    places = {f"{addresses.place_uri(spec, place)}/": f"{_data_address(spec)}/{place}/paths/" for place in PLACES}

    def machine(task: Task) -> str:
        return choose_step(backend, target, spec, pipeline, steps[task.name]).machine_type

    def folder(uri: str) -> str:
        place = next((address for address in places if uri.startswith(address)), None)
        if place is None:
            raise ValueError(f"{pipeline.name}: {uri} is in no place of the platform's store")
        return f"{places[place]}{uri.removeprefix(place)}"

    return AzureMlService(
        workspace=workspace,
        location=target.location,
        identity=identity_id(spec),
        machine=machine,
        folder=folder,
        datastore=f"{workspace}/datastores/pipelines",
    )


def workspace_id(spec: PlatformSpec) -> str:
    """Resource id of the workspace of a spec narrowed to its target."""
    name = physical_name(spec, "ml-workspace", "ml")
    return f"{_group(spec)}/providers/Microsoft.MachineLearningServices/workspaces/{name}"


def identity_id(spec: PlatformSpec) -> str:
    """Resource id of the identity of pipelines of a spec narrowed to its target."""
    target = target_of(spec, AzureTarget)
    named = target.existing.identities.pipelines if target.existing and target.existing.identities else None
    own = f"Microsoft.ManagedIdentity/userAssignedIdentities/{physical_name(spec, 'identity', 'pipelines')}"
    return named.id if named else f"{_group(spec)}/providers/{own}"


def _group(spec: PlatformSpec) -> str:
    target = target_of(spec, AzureTarget)
    return f"/subscriptions/{target.subscription_id}/resourceGroups/{physical_name(spec, 'resource-group', 'rg')}"


def _data_address(spec: PlatformSpec) -> str:
    """Beginning of the addresses of data in the workspace's datastores: jobs write to nothing else.

    https://learn.microsoft.com/azure/machine-learning/how-to-read-write-data-v2 (2026-01)
    """
    target, name = target_of(spec, AzureTarget), physical_name(spec, "ml-workspace", "ml")
    group = physical_name(spec, "resource-group", "rg")
    return f"azureml://subscriptions/{target.subscription_id}/resourcegroups/{group}/workspaces/{name}/datastores"


def _pulled(spec: PlatformSpec, image: str) -> str:
    cached = cached_path(spec, image)
    return f"{registry_server(spec)}/{cached}" if cached else image
