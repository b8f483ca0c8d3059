"""Rights to start SageMaker's jobs and pipelines, and what the jobs themselves need.

Endpoints, their configurations and inference components are left out: who starts jobs registers candidates, and
`promote` releases them. https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.registry.container_rights import container_statements
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope

_KINDS = ("TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob")
"""Kinds of jobs, as the names of actions have them."""

_JOBS = tuple(f"sagemaker:{verb}{kind}" for kind in _KINDS for verb in ("Create", "Describe", "Stop"))
# batch transform scores with a model, which no endpoint has for that
_MODELS = ("sagemaker:CreateModel", "sagemaker:DescribeModel", "sagemaker:DeleteModel")
_PIPELINES = (
    "sagemaker:DescribePipeline",
    "sagemaker:DescribePipelineDefinitionForExecution",
    "sagemaker:DescribePipelineExecution",
    "sagemaker:ListPipelineExecutionSteps",
    "sagemaker:ListPipelineExecutions",
    "sagemaker:ListPipelineParametersForExecution",
    "sagemaker:RetryPipelineExecution",
    "sagemaker:StartPipelineExecution",
    "sagemaker:StopPipelineExecution",
)
_EXPERIMENTS = (
    "sagemaker:AssociateTrialComponent",
    "sagemaker:CreateExperiment",
    "sagemaker:CreateTrial",
    "sagemaker:CreateTrialComponent",
    "sagemaker:UpdateTrialComponent",
)
_TAG = "sagemaker:AddTags"
_LISTS = ("sagemaker:ListPipelines", *(f"sagemaker:List{kind}s" for kind in _KINDS))
_LOG_GROUPS = ("TrainingJobs", "ProcessingJobs", "TransformJobs")


def grant_jobs(scope: Scope, identity: Identity, runs_as: Identity) -> None:
    """Grant the starter's rights, and those of the jobs if they are its own.

    A pipeline starts its jobs with the role that the jobs have, so that theirs can start jobs. It cannot start
    pipelines: only people and the platform's own program do, which keeps count of the runs.
    """
    starter = native(identity.parts, AwsIdentity)
    statements = list(_start(scope, native(runs_as.parts, AwsIdentity)))
    statements += _run(scope) if identity is runs_as else [_pipelines(scope)]
    starter.allow(scope, "jobs", statements)


def _pipelines(scope: Scope) -> IamStatement:
    arn = scope.target(AwsTarget).arn("sagemaker", f"pipeline/{platform_name(scope.spec)}-*")
    return IamStatement(sid="Pipelines", actions=_PIPELINES, resources=arn)


def _start(scope: Scope, runs_as: AwsIdentity) -> Sequence[IamStatement]:
    target = scope.target(AwsTarget)
    platform = f"{platform_name(scope.spec)}-"

    def named(*kinds: str) -> list[str]:
        """The platform's own, and those that SageMaker names for the steps of a pipeline."""
        return [target.arn("sagemaker", f"{kind}/{start}*") for kind in kinds for start in (platform, "pipelines-")]

    return (
        # the actions say of which kinds the jobs are
        IamStatement(sid="Jobs", actions=(*_JOBS, *_MODELS, _TAG), resources=named("*-job", "model")),
        # experiments, their trials and components
        IamStatement(sid="Experiments", actions=(*_EXPERIMENTS, _TAG), resources=named("experiment*")),
        # lists take no resource
        IamStatement(sid="Lists", actions=_LISTS, resources="*"),
        IamStatement(
            sid="Pass",
            actions=("iam:PassRole",),
            resources=runs_as.principal,
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    )


def _run(scope: Scope) -> Sequence[IamStatement]:
    key = scope.context.keys.ids["volumes"]
    return (
        *container_statements(scope, [f"/aws/sagemaker/{name}" for name in _LOG_GROUPS]),
        # the key of their volumes
        IamStatement(
            sid="Key", actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"), resources=key
        ),
        IamStatement(
            sid="VolumeGrants",
            actions=("kms:CreateGrant",),
            resources=key,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )
