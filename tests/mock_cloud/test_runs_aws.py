"""A run of a planned pipeline is refused nothing on AWS; each right that is taken away, it misses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from mlplatform.mock_cloud.runs.aws import PIPELINE, refused_requests
from mlplatform.plan.model import Step

from ..pipelines.fraud import pipeline, platform, step
from ..planned import record_released

POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "acme-ml-dev-pipelines"
Job = dict[str, Any]


@cache
def _planned() -> tuple[tuple[Step, ...], Step]:
    """A platform whose pipeline has jobs of both kinds, on machines with and without disks of their own."""
    data = pipeline("aws")
    step(data, "train").update(
        checkpoint=True,
        retries=1,
        resources={"vcpus": 4, "memory_gib": 16, "accelerator": "T4:1", "capacity": "spot"},
        command=["train", "{{inputs.train}}", "{{outputs.model}}", "{{checkpoint}}"],
    )
    spec = platform("aws", pipelines=(data,), registry={"models": ["fraud"]})
    resources = tuple(record_released(spec, "aws", resolve=True).resources())
    return resources, next(each for each in resources if each.type == PIPELINE)


def _refused(change: Callable[[Step], Step] = lambda each: each) -> tuple[str, ...]:
    resources, _ = _planned()
    changed = tuple(map(change, resources))
    return refused_requests(changed, next(each for each in changed if each.type == PIPELINE), "us-east-1")


def _definition(change: Callable[[Job], object], name: str = "features") -> Callable[[Step], Step]:
    """The pipeline with another job."""

    def changed(each: Step) -> Step:
        if each.type != PIPELINE:
            return each
        definition = json.loads(str(each.inputs["pipelineDefinition"]))
        change(next(made for made in definition["Steps"] if made["Name"] == name)["Arguments"])
        return replace(each, inputs={**each.inputs, "pipelineDefinition": json.dumps(definition)})

    return changed


def test_a_run_of_a_planned_pipeline_is_refused_nothing() -> None:
    assert _refused() == ()


RIGHTS = (
    "sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:StopProcessingJob", "sagemaker:AddTags",
    "iam:PassRole", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "s3:ListBucket",
    "s3:GetObject", "s3:PutObject", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant",
    "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "ec2:CreateNetworkInterface", "ec2:DescribeVpcs",
    "ec2:CreateNetworkInterfacePermission", "logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData",
)  # fmt: skip


@pytest.mark.parametrize("action", RIGHTS)
def test_a_right_that_is_taken_away_is_missed(action: str) -> None:
    def without(each: Step) -> Step:
        if each.type != POLICY or each.inputs["role"] != ROLE:
            return each
        document = json.loads(str(each.inputs["policy"]))
        for statement in document["Statement"]:
            actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
            statement["Action"] = [one for one in actions if one != action] or ["sts:GetCallerIdentity"]
        return replace(each, inputs={**each.inputs, "policy": json.dumps(document)})

    refused = _refused(without)
    assert any(action in each for each in refused), refused


WRONG: dict[str, tuple[Callable[[Step], Step], str]] = {
    "an image of another account": (
        _definition(
            lambda job: job["AppSpecification"].update(ImageUri="210987654321.dkr.ecr.us-east-1.amazonaws.com/x:1")
        ),
        "features: ecr:BatchGetImage on arn:aws:ecr:us-east-1:210987654321:repository/x",
    ),
    "a job in SageMaker's own network": (
        _definition(lambda job: job["NetworkConfig"].pop("VpcConfig")),
        "features: no VpcConfig",
    ),
    "a subnet that is gone": (
        _definition(lambda job: job["NetworkConfig"]["VpcConfig"].update(Subnets=["subnet-gone"])),
        "features: subnet-gone is not there",
    ),
    "a key for disks that encrypt themselves": (
        _definition(lambda job: job["ResourceConfig"].update(VolumeKmsKeyId="key"), "train"),
        "has disks of its own",
    ),
    "a bucket of somebody else": (
        _definition(lambda job: job["ProcessingInputs"][0]["S3Input"].update(S3Uri="s3://others/claims/")),
        "features: s3:GetObject on arn:aws:s3:::others/claims/x",
    ),
    "a role that SageMaker may not take": (
        lambda each: (
            replace(each, inputs={**each.inputs, "assumeRolePolicy": "{}"})
            if each.type == "aws:iam/role:Role"
            else each
        ),
        "sts:AssumeRole",
    ),
    "a group that lets nothing out": (
        lambda each: (
            replace(each, inputs={**each.inputs, "fromPort": 22, "toPort": 22})
            if each.type == "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
            else each
        ),
        "lets no HTTPS out",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_cloud_refuses_hours_later_is_found(name: str) -> None:
    change, words = WRONG[name]
    refused = _refused(change)
    assert any(words in each for each in refused), refused
