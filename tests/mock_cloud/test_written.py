"""The bucket of a door's ledgers is not empty once the door looks: whoever removes the door meets it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from mlplatform.mock_cloud.cloud import Cloud
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import CloudRefused
from mlplatform.mock_cloud.written import written_buckets
from mlplatform.plan.model import Plan

MakeCloud = Callable[..., Cloud]
BUCKET, TASK = "aws:s3/bucket:Bucket", "aws:ecs/taskDefinition:TaskDefinition"
LEDGERS = {"aws": "acme-ml-pipelines-ledgers", "gcp": "acme-ml-models-definitions"}


@pytest.mark.parametrize("cloud", LEDGERS)
def test_the_planned_door_writes_its_own_bucket_alone(stack_plan: Callable[..., Plan], cloud: str) -> None:
    held = [
        cast("Held", SimpleNamespace(token=step.type, name=step.name, inputs=step.inputs))
        for step in stack_plan("prod", cloud, resolve=True).resources()
    ]
    written = {bucket.name for program in held for bucket in written_buckets(program, held)}
    assert len(written) == 1, written
    assert next(iter(written)).endswith(LEDGERS[cloud].rpartition("-")[2])


@pytest.mark.parametrize("forced", [False, True])
def test_a_door_that_goes_leaves_a_bucket_that_is_not_empty(cloud: MakeCloud, forced: bool) -> None:
    aws = cloud("aws")
    bucket = aws.create(BUCKET, "ledgers", {"bucket": "acme-ledgers", "forceDestroy": forced})
    other = aws.create(BUCKET, "other", {"bucket": "acme-other"})
    environment = '[{"environment": [{"name": "MLPLATFORM_DOOR_LEDGERS", "value": "acme-ledgers"}], "name": "door"}]'
    task = aws.create(TASK, "door", {"family": "door", "containerDefinitions": environment})
    before = aws.remember("door")
    aws.delete(TASK, task.id)
    if not forced:
        for _ in ("first", "after a snapshot"):
            with pytest.raises(CloudRefused, match="BucketNotEmpty"):
                aws.delete(BUCKET, bucket.id)
            aws.recall(before)
        return
    aws.delete(BUCKET, bucket.id)
    aws.delete(BUCKET, other.id)
    assert aws.read(BUCKET, bucket.id) is None
