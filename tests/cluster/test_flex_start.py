"""Machines that are waited for: refused where no cloud keeps the request, and asked for by the queue where one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from mlplatform import (
    ClusterSpec,
    EndpointSpec,
    GpuPoolSpec,
    PoolOverride,
    TeamSpec,
    TimeSlicing,
    TrainingSpec,
    discovery,
)
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JobRequest
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import Wire, wire_object
from mlplatform.plan.model import Plan
from mlplatform.spec.rollouts import AllAtOnce

from ..planned import least_platform
from .conftest import FLEX, POOLS, TARGETS, small_spec

JOB = JobRequest(
    name="llm", pool="flex", image="acme.example/train:1.4", command=("train",), kind="jobset", max_hours=24
)


def _objects(spec_changes: dict[str, object]) -> dict[str, dict[str, Wire]]:
    layer = layer_context(small_spec("gcp", **spec_changes), "gcp")
    return {
        f"{body.KIND}/{item.role}": wire_object(body)
        for item in layer_items(layer)
        if isinstance(body := item.body, KubeObject)
    }


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_a_cloud_that_keeps_no_request_refuses_it_once_with_what_it_has(cloud: str) -> None:
    spec = small_spec(cloud, training=TrainingSpec(pools=(FLEX,)))
    (problem,) = discovery.backend(cloud).problems(spec)
    assert problem.path == "training.pools[0].capacity"
    assert "on-demand" in problem.fix


def test_it_has_no_nodes_before_a_job_and_no_end_without_it() -> None:
    with pytest.raises(ValidationError, match="machines of flex-start come when a job asks"):
        GpuPoolSpec(name="flex", accelerator="H100:8", min_nodes=1, max_nodes=2, capacity="flex-start")
    with pytest.raises(ValidationError, match="max_run_hours"):
        GpuPoolSpec(name="gpu", accelerator="H100:8", max_nodes=2, max_run_hours=3)
    with pytest.raises(ValidationError, match="168"):
        GpuPoolSpec(name="flex", accelerator="H100:8", max_nodes=2, capacity="flex-start", max_run_hours=169)


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_another_capacity_on_one_cloud_leaves_out_the_time_of_the_first(cloud: str) -> None:
    target = TARGETS[cloud].overlay(pools={"flex": PoolOverride(capacity="spot")})
    spec = least_platform(target, training=TrainingSpec(pools=(FLEX,)))
    assert discovery.backend(cloud).problems(spec.on(cloud)) == ()
    with pytest.raises(ValidationError, match="max_run_hours"):
        least_platform(
            target.overlay(pools={"flex": PoolOverride(capacity="spot", max_run_hours=3)}),
            training=TrainingSpec(pools=(FLEX,)),
        ).on(cloud)


@pytest.mark.parametrize(
    ("pool", "path"),
    [
        (FLEX.overlay(sharing=TimeSlicing(clients=2)), "training.pools[0].sharing"),
        (FLEX.overlay(accelerator="GB200:4", max_run_hours=None), "training.pools[0].accelerator"),
    ],
)
def test_what_google_does_not_give_by_request_is_refused(pool: GpuPoolSpec, path: str) -> None:
    spec = small_spec("gcp", training=TrainingSpec(pools=(pool,)))
    assert [problem.path for problem in discovery.backend("gcp").problems(spec)] == [path]


def test_a_job_waits_for_all_nodes_of_that_pool_alone(layered: Callable[[str], Plan]) -> None:
    plan = layered("gcp")
    pools = {step.name: step for step in plan.resources() if step.type.endswith("NodePool")}
    queued = {name for name, step in pools.items() if step.inputs.get("queuedProvisioning") == {"enabled": True}}
    assert queued == {"acme-ml-pool-flex-pool"}
    steps: dict[str, Any] = {
        str(step.inputs.get("kind")): step.inputs for step in plan.resources() if "layer" in step.name
    }
    (rule,) = steps["ClusterQueue"]["spec"]["admissionChecksStrategy"]["admissionChecks"]
    assert rule["name"] == steps["AdmissionCheck"]["metadata"]["name"]
    assert [flavor.partition("-")[0] for flavor in rule["onFlavors"]] == ["flex"]
    settings = steps["ProvisioningRequestConfig"]["spec"]
    assert settings["provisioningClassName"] == "queued-provisioning.gke.io"
    assert settings["parameters"] == {"maxRunDurationSeconds": "172800"}


def test_an_endpoint_is_not_on_machines_that_end() -> None:
    served = EndpointSpec.model_validate(
        {
            "name": "llm",
            "on": "cluster",
            "pool": "flex",
            "server": "vllm",
            "model": "llm/7",
            "accelerator": "H100:8",
            "replicas": (1, 1),
            "rollout": AllAtOnce(),
        }
    )
    spec = small_spec("gcp", training=TrainingSpec(pools=(FLEX,)), endpoints=(served,))
    found = {problem.path: problem.expected for problem in discovery.backend("gcp").problems(spec)}
    assert "do after a time" in found["endpoints[0].pool"]


def test_a_team_waits_only_where_its_quota_is() -> None:
    teams = (TeamSpec("fraud", quota={"flex": 8}), TeamSpec("vision", quota={"big": 8}))
    objects = _objects({"training": TrainingSpec(pools=(*POOLS, FLEX)), "cluster": ClusterSpec(teams=teams)})
    held = {
        role.removeprefix("ClusterQueue/queue-"): "admissionChecksStrategy" in body["spec"]  # type: ignore[operator]
        for role, body in objects.items()
        if role.startswith("ClusterQueue/")
    }
    assert held == {"acme-ml": True, "team-fraud": True, "team-vision": False}


def test_pods_ask_for_such_a_machine_and_tolerate_its_taints() -> None:
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=(FLEX.overlay(fabric=True),))), "gcp")
    (runtime,) = (item.body for item in layer_items(layer) if item.role == "runtime-torch-flex")
    assert isinstance(runtime, KubeObject)
    text = str(wire_object(runtime))
    assert "'cloud.google.com/gke-flex-start': 'true'" in text
    flavor = next(item.body for item in layer_items(layer) if item.role == "flavor-flex")
    assert isinstance(flavor, KubeObject)
    assert "cloud.google.com/gke-queued" in str(wire_object(flavor))


def test_a_job_takes_its_machines_for_its_own_time_and_ends_before_they_do() -> None:
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=(*POOLS, FLEX))), "gcp")
    assert job_problems(layer, JOB) == ()
    job = wire_object(job_objects(layer, JOB)[0])
    metadata = job["metadata"]
    assert isinstance(metadata, dict)
    annotations = metadata["annotations"]
    assert annotations == {"provreq.kueue.x-k8s.io/maxRunDurationSeconds": str(25 * 3600)}
    long = JobRequest(name="llm", pool="flex", image="acme.example/train:1.4", command=("train",), kind="jobset")
    (problem,) = job_problems(layer, long)
    assert (problem.where, problem.fix) == ("--max-hours", "add --max-hours 47")
