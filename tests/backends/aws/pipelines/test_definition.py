"""The definition of a pipeline: private jobs, keys of the platform, tags, and images that its role may pull."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mlplatform import discovery
from mlplatform.backends.aws.pipelines.definition import JobPlace, build_definition
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.pipelines.forms.sagemaker_steps import json_value
from mlplatform.spec.problem import Problem

from ....pipelines.fraud import Data, pipeline, platform, step

PLACE = JobPlace(
    role_arn="arn:aws:iam::123456789012:role/acme-ml-dev-pipelines",
    security_group_id="sg-1",
    subnet_ids=("subnet-a", "subnet-b"),
    volume_key="arn:aws:kms:us-east-1:123456789012:key/volumes",
    output_key="arn:aws:kms:us-east-1:123456789012:key/store",
)
HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
OWN = f"{HOST}/acme-ml-dev/training"


def _jobs(change: Callable[[Data], object] | None = None) -> dict[str, dict[str, Any]]:
    data = pipeline("aws")
    if change:
        change(data)
    spec = platform("aws", pipelines=(data,)).on("aws")
    made: Any = json_value(build_definition(discovery.backend("aws"), spec, spec.pipelines[0], PLACE))
    return {each["Name"]: each["Arguments"] for each in _steps(made["Steps"])}


def _steps(steps: list[Any]) -> Iterator[Any]:
    for each in steps:
        yield from _steps(each["Arguments"]["IfSteps"]) if each["Type"] == "Condition" else (each,)


def _spot(data: Data) -> None:
    step(data, "train").update(
        resources={"vcpus": 4, "memory_gib": 16, "accelerator": "T4:1", "capacity": "spot"}, retries=1
    )


def test_every_job_runs_in_the_platforms_network_with_its_keys_and_tags() -> None:
    jobs = _jobs(_spot)
    network = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-a", "subnet-b"]}
    for name, job in jobs.items():
        training = "AlgorithmSpecification" in job
        assert (job if training else job["NetworkConfig"])["VpcConfig"] == network, name
        written = job.get("OutputDataConfig" if training else "ProcessingOutputConfig")
        # without a key, SageMaker names S3's own with each file, whatever the bucket says
        assert written is None or written["KmsKeyId"] == PLACE.output_key, name
        assert {"Key": "capability", "Value": "pipelines"} in job["Tags"], name
        assert {"Key": "cost-center", "Value": "1"} in job["Tags"], name
    assert "AlgorithmSpecification" in jobs["train"]


def test_disks_have_the_platforms_key_and_local_ones_none() -> None:
    """A job on a machine with local disks is refused with a key: they are encrypted by the machine."""
    jobs = _jobs(_spot)
    assert "VolumeKmsKeyId" not in jobs["train"]["ResourceConfig"]
    assert jobs["ingest"]["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == PLACE.volume_key


def _problems(image: str, **more: object) -> tuple[Problem, ...]:
    data = {**pipeline("aws"), "image": image, "programs_image": image}
    spec = platform("aws", pipelines=(data,), **more)
    return tuple(p for p in discovery.backend("aws").problems(spec.on("aws")) if p.path.endswith(".image"))


@pytest.mark.parametrize("end", [":fraud-7", f"@sha256:{'0' * 64}", f":fraud-7@sha256:{'0' * 64}", ""])
def test_an_image_of_the_platforms_repositories_is_taken(end: str) -> None:
    assert not _problems(f"{OWN}{end}")


@pytest.mark.parametrize(
    "image",
    [
        f"{HOST}/acme-ml-dev-training:fraud-7",
        f"{HOST}/acme-ml-dev/trainings:fraud-7",
        f"{HOST}/acme-ml-dev/training/fraud:7",
        f"{HOST.replace('us-east-1', 'eu-west-1')}/acme-ml-dev/training:fraud-7",
        f"{HOST.replace('123456789012', '210987654321')}/acme-ml-dev/training:fraud-7",
        "docker.io/acme/fraud:7",
        "fraud",
    ],
)
def test_an_image_that_the_role_may_not_pull_is_refused(image: str) -> None:
    problems = _problems(image)
    assert problems
    assert OWN in problems[0].expected


def test_images_of_caches_and_of_existing_repositories_are_taken() -> None:
    assert not _problems(f"{HOST}/acme-ml-dev-quay-io/acme/fraud:7", registry={"pull_through": ["quay.io"]})
    target: Any = {
        "account_id": "123456789012",
        "region": "us-east-1",
        "existing": {"registry": {"repositories": {"base": "arn:aws:ecr:eu-west-1:210987654321:repository/base"}}},
    }
    spec = platform(
        "aws", pipelines=({**pipeline("aws"), "image": "210987654321.dkr.ecr.eu-west-1.amazonaws.com/base:1"},)
    )
    spec = spec.overlay(targets=(AwsTarget.model_validate(target),))
    assert not [p for p in discovery.backend("aws").problems(spec.on("aws")) if p.path.endswith(".image")]


def test_a_pipeline_of_too_many_steps_is_refused_before_sagemaker_does() -> None:
    data = pipeline("aws")
    first = step(data, "ingest")
    many = [f"s{index}" for index in range(20)]
    steps = [
        {**first, "name": f"ingest-{index}", "slices": many, "env": {f"V{n}": "x" * 250 for n in range(20)}}
        for index in range(80)
    ]
    data.update(steps=steps, max_usd_per_run=None)
    spec = platform("aws", pipelines=(data,))
    problems = [
        p for p in discovery.backend("aws").problems(spec.on("aws")) if "characters as a definition" in str(p.got)
    ]
    assert [p.path for p in problems] == ["pipelines[0].steps"]
