"""A pipeline as Vertex AI runs it on a target. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.pipelines.jobs import needs_job
from mlplatform.backends.gcp.pipelines.run import emit_run, named_run
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.machine import GpuMachine
from mlplatform.cluster.objects.wire import Wire
from mlplatform.components.backend import Backend
from mlplatform.components.narrowed import target_of
from mlplatform.components.pipeline_file import FormFile
from mlplatform.components.step_machines import choose_step
from mlplatform.pipelines.forms import kfp
from mlplatform.pipelines.forms.vertex_jobs import VertexJob
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

_DATA: tuple[Place, ...] = ("data", "features")
"""Places whose folders are data sets."""
_BUCKETS = "gs://"
_MOUNTED = "/gcs/"
"""Where Vertex AI mounts every bucket that the account may read,
https://docs.cloud.google.com/vertex-ai/docs/training/cloud-storage-file-system (2026-11)"""


def build(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """The specification with Vertex AI's names of the accelerators, and the request that starts a run of it.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, GcpTarget)
    document = build_specification(backend, spec, pipeline)
    request = {**emit_run(named_run(spec, pipeline)), "pipelineSpec": document}
    name = f"{pipeline.name}.run.json"
    runs = f"https://{target.region}-aiplatform.googleapis.com/v1/projects/{target.project}/locations/{target.region}"
    return (
        FormFile(
            name=f"{pipeline.name}.vertex.json",
            text=kfp.text(document),
            use="the specification, which kfp reads too",
        ),
        FormFile(
            name=name,
            text=kfp.text(request),
            use=f"start a run, after `up` has made its account: curl --fail-with-body --data @{name} --header "
            '"Authorization: Bearer $(gcloud auth print-access-token)" --header "Content-Type: application/json" '
            f'"{runs}/pipelineJobs?pipelineJobId=RUN"',
        ),
    )


def build_specification(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> dict[str, Wire]:
    """The specification, with Vertex AI's names of the accelerators.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, GcpTarget)
    steps = {name: each for step in pipeline.steps for name, each in step.runs().items()}

    def device(task: Task) -> tuple[str, int]:
        machine = choose_step(backend, target, spec, pipeline, steps[task.name])
        if not isinstance(machine, GpuMachine):
            raise TypeError(f"{task.name}: {machine.machine_type} has no accelerator")
        return vertex_name(machine), machine.accelerator.count

    def job(task: Task) -> VertexJob | None:
        if not needs_job(steps[task.name]):
            return None
        machine = choose_step(backend, target, spec, pipeline, steps[task.name])
        return VertexJob(
            image=pipeline.programs_image or task.image,
            machine_type=machine.machine_type,
            accelerator=device(task) if task.resources.accelerator else None,
        )

    service = kfp.KfpService(
        device=device,
        folder=lambda uri: uri.replace(_BUCKETS, _MOUNTED, 1),
        data=tuple(f"{backend.place_uri(spec, place)}/" for place in _DATA),
        job=job,
    )
    return kfp.emit(meaning_on(backend, spec, pipeline), service)


def vertex_name(machine: GpuMachine) -> str:
    """Vertex AI's name of a machine's accelerators: that of GKE in capitals.

    https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/MachineSpec#AcceleratorType (2026-11)
    """
    return (machine.accelerator_type or "").upper().replace("-", "_")
