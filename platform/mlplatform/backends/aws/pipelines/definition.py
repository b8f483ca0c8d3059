"""The definition of a pipeline on a target: its jobs' role, network, keys and tags. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.pipelines.machines import Job, step_job
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.narrowed import target_of
from mlplatform.components.step_machines import Machine, choose_step
from mlplatform.components.tags import resource_tags
from mlplatform.fast.record import record
from mlplatform.pipelines.forms import sagemaker
from mlplatform.pipelines.forms import sagemaker_spec as sm
from mlplatform.pipelines.forms.sagemaker_steps import Definition
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

CAPABILITY = "pipelines"


@record(kw_only=True)
class JobPlace:
    """Where the jobs of a pipeline run: what is known after a deployment."""

    role_arn: str
    """Their role."""

    security_group_id: str
    """Group of their network interfaces."""

    subnet_ids: tuple[str, ...]
    """Private subnets, one per zone."""

    volume_key: str
    """Key of their disks."""

    output_key: str | None
    """Key of the bucket that they write to; None for S3's own."""

    peers_group_id: str | None = None
    """Group in which the nodes of one job reach each other; None for a pipeline without such steps."""


PLACEHOLDERS = JobPlace(
    role_arn="role-of-the-pipelines",
    security_group_id="group-of-the-workloads",
    subnet_ids=("subnets-of-the-nodes",),
    volume_key="key-of-the-volumes",
    output_key="key-of-the-store",
    peers_group_id="group-of-a-jobs-nodes",
)
"""Words for what only an account knows."""


def build_definition(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec, place: JobPlace) -> Definition:
    """The definition.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
        place: where its jobs run.
    """
    target = target_of(spec, AwsTarget)
    steps = {name: each for step in pipeline.steps for name, each in step.runs().items()}
    machines = {name: choose_step(backend, target, spec, pipeline, step) for name, step in steps.items()}

    def machine(task: Task) -> tuple[str, Job]:
        kind = machines[task.name].machine_type
        return f"ml.{kind}", step_job(steps[task.name], kind)

    def volume_key(task: Task) -> str | None:
        return None if _has_own_disks(machines[task.name]) else place.volume_key

    def processes(task: Task) -> int:
        machine = machines[task.name]
        return machine.accelerator.count * machine.accelerator.model.cores if isinstance(machine, GpuMachine) else 1

    tags = resource_tags(spec, target, CAPABILITY)
    service = sagemaker.SageMakerService(
        role_arn=place.role_arn,
        runs_uri=addresses.place_uri(spec, "pipelines"),
        machine=machine,
        vpc=sm.VpcConfig(security_group_ids=(place.security_group_id,), subnets=place.subnet_ids),
        peers=place.peers_group_id,
        processes=processes,
        volume_key=volume_key,
        output_key=place.output_key,
        tags=tuple(sm.Tag(key=key, value=value) for key, value in sorted(tags.items())),
    )
    return sagemaker.emit(meaning_on(backend, spec, pipeline), service)


def _has_own_disks(machine: Machine) -> bool:
    """Local disks are encrypted by the machine, and a job on them is refused with a key,
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html"""
    return isinstance(machine, GpuMachine) and bool(machine.local_ssd_gib)
