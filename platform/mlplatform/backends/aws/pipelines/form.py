"""A pipeline as SageMaker runs it on a target, as a file to read. Imports no SDK."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.pipelines.definition import PLACEHOLDERS, build_definition
from mlplatform.backends.aws.pipelines.names import pipeline_name
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.pipeline_file import FormFile
from mlplatform.pipelines.forms import sagemaker
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec


def build(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """The definition as `up` makes it, with words for the ids that only an account knows.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, AwsTarget)
    existing = target.existing.identities if target.existing else None
    named = existing.pipelines if existing else None
    role = named or f"arn:{target.partition}:iam::{target.account_id}:role/{physical_name(spec, 'pipelines', ROLE)}"
    subnets = tuple(f"subnet-in-{zone}" for zone in zones_in_use(spec, target, backend.catalog))
    place = replace(PLACEHOLDERS, role_arn=role, subnet_ids=subnets)
    return (
        FormFile(
            name=f"{pipeline.name}.sagemaker.json",
            text=sagemaker.text(build_definition(backend, spec, pipeline, place)),
            use=f"`up` makes the pipeline {pipeline_name(spec, pipeline)} of it, with ids of subnets, group and keys",
        ),
    )
