"""What a job of Trainer changes of its runtime's pods:
https://www.kubeflow.org/docs/components/trainer/operator-guides/runtime-patches/"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.cluster.objects.containers import Mount
from mlplatform.cluster.objects.pods import PodMetadata
from mlplatform.cluster.objects.volumes import Volume
from mlplatform.fast.record import record


@record(kw_only=True)
class ContainerPatch:
    """What a container gets beside the runtime's."""

    name: str
    """The container."""

    volume_mounts: tuple[Mount, ...]
    """Its volumes, added."""


@record(kw_only=True)
class PodPatchSpec:
    """What pods get beside the runtime's."""

    containers: tuple[ContainerPatch, ...]
    """Their containers, by name."""

    volumes: tuple[Volume, ...]
    """Volumes, added."""


@record(kw_only=True)
class PodPatch:
    """Pods."""

    metadata: PodMetadata | None = None
    """Labels and annotations, added."""

    spec: PodPatchSpec
    """The pods."""


@record(kw_only=True)
class JobPatchSpec:
    """A job."""

    template: PodPatch
    """Its pods."""


@record(kw_only=True)
class JobPatchTemplate:
    """The template of a job."""

    spec: JobPatchSpec
    """The job."""


@record(kw_only=True)
class JobPatch:
    """One job of the runtime's set."""

    name: str
    """Its name there."""

    template: JobPatchTemplate
    """The job."""


@record(kw_only=True)
class SetPatchSpec:
    """The set."""

    replicated_jobs: tuple[JobPatch, ...]
    """Its jobs, by name."""


@record(kw_only=True)
class SetPatch:
    """The template of the set."""

    spec: SetPatchSpec
    """The set."""


@record(kw_only=True)
class RuntimeSpecPatch:
    """The runtime."""

    template: SetPatch
    """Its set."""


@record(kw_only=True)
class RuntimePatch:
    """What a job changes of its runtime, under the name of who changes it."""

    manager: str
    """Who; Kueue has a patch of its own."""

    training_runtime_spec: RuntimeSpecPatch
    """The change."""


def pod_patch(
    manager: str,
    job: str,
    container: str,
    *,
    volumes: tuple[Volume, ...],
    mounts: tuple[Mount, ...],
    annotations: Mapping[str, str] | None,
) -> RuntimePatch:
    """A patch of the pods of one job.

    Args:
        manager: who asks for it.
        job: the job in the runtime's set.
        container: the container that gets the mounts.
        volumes: volumes of the pods.
        mounts: mounts of the container.
        annotations: annotations of the pods.
    """
    pods = PodPatch(
        metadata=PodMetadata(annotations=annotations) if annotations else None,
        spec=PodPatchSpec(containers=(ContainerPatch(name=container, volume_mounts=mounts),), volumes=volumes),
    )
    jobs = (JobPatch(name=job, template=JobPatchTemplate(spec=JobPatchSpec(template=pods))),)
    return RuntimePatch(
        manager=manager,
        training_runtime_spec=RuntimeSpecPatch(template=SetPatch(spec=SetPatchSpec(replicated_jobs=jobs))),
    )
