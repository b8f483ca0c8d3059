"""What Azure ML cannot run of a pipeline, and what it runs in another way. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.repositories import cached_path, image_host, registry_server
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.pipeline_problems import per_step, pipeline_problems
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.triggers import TriggersSpec

_LONGEST_MINUTES = 21 * 24 * 60
"""Longest job, https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas (2026)"""

_REACHED = ("mcr.microsoft.com",)
"""Public registries that every managed network lets through: the service tag MicrosoftContainerRegistry is one of its
required rules, https://learn.microsoft.com/azure/machine-learning/how-to-managed-network (2026-01)"""


def _managed_airflow(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.cluster and spec.cluster.managed_airflow:
        yield "cluster.managed_airflow", "managed_airflow"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="cluster.managed_airflow",
        support="unsupported",
        reason="Azure has no Airflow as a service: Data Factory takes no new ones, "
        "https://learn.microsoft.com/azure/data-factory/concepts-workflow-orchestration-manager",
        alternative="run Airflow on the training cluster, with cluster.airflow",
        violations=_managed_airflow,
    ),
    Limit(
        field="pipelines.steps.inputs.path",
        support="partial",
        reason="the address of a data asset of Azure ML never changes, and its version says nothing of the files "
        "there: none is made of a folder",
        alternative="name the version of the data in training.json: the record and `mlplatform lineage` have it",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.resources.capacity",
        support="partial",
        reason="clusters of Azure ML have no spot nodes any more: low-priority ones ended on 2026-03-31",
        alternative="use on-demand, or set engine to cluster and use a spot pool of the training cluster",
        violations=per_step(
            "resources.capacity", lambda s: s.resources.capacity if s.resources.capacity == "spot" else None
        ),
    ),
    Limit(
        field="pipelines.steps.distribution",
        support="partial",
        reason="clusters of Ray are experimental in Azure ML, and their interface may change at any time",
        alternative="use torch, tensorflow or mpi, or set engine to cluster",
        violations=per_step("distribution", lambda step: step.distribution if step.distribution == "ray" else None),
    ),
    Limit(
        field="pipelines.steps.when",
        support="partial",
        reason="pipeline jobs of Azure ML have no conditions",
        alternative="let the step read the metric itself and end, or set engine to cluster",
        violations=per_step("when", lambda step: step.when.metric if step.when else None),
    ),
    Limit(
        field="pipelines.steps.retries",
        support="partial",
        reason="Azure ML tries no step again: its command is run again on the same node, and the loss of the node ends "
        "the run",
        alternative="start the run again; steps with cache_days are not repeated",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.cache_days",
        support="partial",
        reason="Azure ML uses outputs again whatever their age",
        alternative="0 for steps whose outputs age",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.resources.disk_gib",
        support="partial",
        reason="nodes of Azure ML's clusters have the disks of their machine",
        alternative="read large data where it is, by mounting",
        violations=refuse_nothing,
    ),
)
"""Fields of pipelines that Azure honours in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Everything Azure ML refuses in a pipeline, beyond its limits."""
    yield from pipeline_problems(backend, target, spec, longest_minutes=lambda _: _LONGEST_MINUTES)
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine == "managed":
            yield from _image_problems(backend, spec, pipeline, f"pipelines[{index}]")
            yield from _value_problems(backend, pipeline, f"pipelines[{index}]")
        if pipeline.triggers:
            yield from _door_problems(backend, spec, target, pipeline.triggers, f"pipelines[{index}].triggers")


def pulled(spec: PlatformSpec, image: str) -> bool:
    """Whether jobs of the platform's network may pull an image."""
    return image_host(image) in (registry_server(spec), *_REACHED) or cached_path(spec, image) is not None


def _image_problems(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec, path: str) -> Iterator[Problem]:
    """Images that nodes of the workspace's network cannot pull: it lets through what the platform names alone."""
    own = registry_server(spec)
    for position, step in enumerate(pipeline.steps):
        image = pipeline.image_of(step)
        if image and not pulled(spec, image):
            yield backend.refuse(
                f"{path}.steps[{position}].image",
                image,
                f"an image of {own}, or of a registry in registry.pull_through: the workspace's network reaches no "
                "other, and the identity of pipelines may pull from no other",
                f"push it to one of the platform's repositories: az acr import --name {own.partition('.')[0]} "
                f"--source {image}; or cache its registry",
                fields=(
                    "name",
                    "environment",
                    "targets",
                    f"{path}.image",
                    f"{path}.programs_image",
                    "registry.pull_through",
                ),
            )


def _door_problems(
    backend: Backend, spec: PlatformSpec, target: AzureTarget, triggers: TriggersSpec, path: str
) -> Iterator[Problem]:
    """A door that reaches nothing, and notices of a store that is another's."""
    if spec.network.nat == "none" and target.network is None:
        yield backend.refuse(
            path,
            "triggers",
            "network.nat to be single or per-zone: the program that starts runs asks Azure's own API, which has no "
            "address in the network",
            "set network.nat, or start runs from CI",
            fields=("network.nat",),
        )
    existing = target.existing.store.containers if target.existing and target.existing.store else {}
    for index, each in enumerate(triggers.data):
        if each.place in existing:
            yield backend.refuse(
                f"{path}.data[{index}].place",
                each.place,
                "a place that the platform makes: an account has one topic of its events, which is its owner's",
                "let what writes the data ask for the run, or use a schedule",
                fields=(f"targets[{backend.name}].existing.store",),
            )


def _value_problems(backend: Backend, pipeline: PipelineSpec, path: str) -> Iterator[Problem]:
    """Values in which Azure ML would look for references of its own."""
    for index, parameter in enumerate(pipeline.parameters):
        if isinstance(parameter.default, str) and "${{" in parameter.default:
            yield backend.refuse(
                f"{path}.parameters[{index}].default",
                parameter.default,
                "a value without `${{`, with which a reference of Azure ML begins",
                "hand the path of a file on",
            )
