"""A pipeline as SageMaker runs it on a target. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.pipelines.machines import Job, step_job
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.pipeline_file import FormFile
from mlplatform.components.step_machines import choose_step
from mlplatform.pipelines.forms import sagemaker
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec


def build(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """The definition, with the role that the platform makes for pipelines.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, AwsTarget)
    steps = {name: step for step in pipeline.steps for name in step.task_names()}

    def machine(task: Task) -> tuple[str, Job]:
        chosen = choose_step(backend, target, spec, pipeline, steps[task.name])
        return f"ml.{chosen.machine_type}", step_job(steps[task.name], chosen.machine_type)

    existing = target.existing.identities if target.existing else None
    named = existing.pipelines if existing else None
    role = named or f"arn:{target.partition}:iam::{target.account_id}:role/{physical_name(spec, 'pipelines', ROLE)}"
    service = sagemaker.SageMakerService(
        role_arn=role, runs_uri=addresses.place_uri(spec, "pipelines"), machine=machine
    )
    text = sagemaker.text(sagemaker.emit(meaning_on(backend, spec, pipeline), service))
    name = physical_name(spec, pipeline.name, _LONGEST_NAME)
    file = f"{pipeline.name}.sagemaker.json"
    use = (
        f"aws sagemaker create-pipeline --region {target.region} --pipeline-name {name} --role-arn {role} "
        f"--pipeline-definition file://{file}"
    )
    return (FormFile(name=file, text=text, use=use),)


_LONGEST_NAME = 256
"""PipelineName in the API."""
