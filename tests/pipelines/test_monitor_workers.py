"""Several workers of one look on the clouds' own jobs: how many start, and how each learns which one it is."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

import pytest

from mlplatform import PlatformSpec
from mlplatform.monitor.workers import worker_of

from ..planned import Planned, record_released
from .monitored import monitored

WORKERS = 3
JOB = {"gcp": "gcp:cloudrunv2/job:Job", "azure": "azure-native:app:Job", "aws": "aws:scheduler/schedule:Schedule"}


@cache
def _jobs(cloud: str, workers: int) -> list[dict[str, Any]]:
    """What the cloud is told of the monitor's job."""
    spec: PlatformSpec = monitored(cloud, {"workers": workers})
    plan = Planned(record_released(spec, cloud, resolve=True)).plan
    found = [each for each in plan.resources() if each.type == JOB[cloud] and "monitor-fraud-scorer" in each.name]
    return [cast("dict[str, Any]", each.inputs) for each in found]


def test_cloud_run_starts_as_many_tasks() -> None:
    (job,) = _jobs("gcp", WORKERS)
    template: Any = job["template"]
    assert (template["taskCount"], template["parallelism"]) == (WORKERS, WORKERS)
    assert template["template"]["maxRetries"] == 0


def test_container_apps_starts_as_many_replicas_and_none_again() -> None:
    """A replica that is started again has another name, and the others would not know whose place it takes."""
    (job,) = _jobs("azure", WORKERS)
    told: Any = job["configuration"]
    clock = told["scheduleTriggerConfig"]
    assert (clock["parallelism"], clock["replicaCompletionCount"]) == (WORKERS, WORKERS)
    assert told["replicaRetryLimit"] == 0


def test_on_aws_each_worker_has_a_schedule_that_tells_its_number() -> None:
    """The input of a target of ECS is the overrides of RunTask; they are read by the program."""
    schedules = _jobs("aws", WORKERS)
    indexes: list[int] = []
    for each in schedules:
        target: Any = each["target"]
        (container,) = json.loads(target["input"])["containerOverrides"]
        assert container["name"] == "monitor"
        environment = {
            one["name"]: one["value"].replace("<aws.scheduler.scheduled-time>", "2026-11-30T06:00:00Z")
            for one in container["environment"]
        }
        worker = worker_of(WORKERS, environment, "unused", 1)
        assert worker.run == "2026-11-30T060000Z"
        indexes.append(worker.index)
    assert sorted(indexes) == list(range(WORKERS))
    assert len({each["scheduleExpression"] for each in schedules}) == 1
    assert len({each["name"] for each in schedules}) == WORKERS


@pytest.mark.parametrize("cloud", JOB)
def test_one_worker_is_told_nothing(cloud: str) -> None:
    assert len(_jobs(cloud, 1)) == 1
    assert "MLPLATFORM_MONITOR_WORKER" not in json.dumps(_jobs(cloud, 1), default=str)
