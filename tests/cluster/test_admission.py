"""Every rendered job is admitted and finds nodes; a planted error is refused by name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest

from mlplatform import ClusterSpec, TeamSpec
from mlplatform.cluster.content import layer_context
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JOB_KINDS, JobRequest
from mlplatform.cluster.objects.wire import wire_object

from ..conftest import CLOUDS
from .admission import Admission
from .conftest import small_spec
from .test_runtimes import layer_of

JOB = JobRequest(name="llm", pool="big", image="acme.example/train:1.4", command=("torchrun", "train.py"))


@cache
def _teams(cloud: str) -> Admission:
    cluster = ClusterSpec(
        engines=("trainer", "ray"),
        teams=(
            TeamSpec("fraud", quota={"big": 8, "shared": 2}, borrow={"big": 8}),
            TeamSpec("vision", quota={"spot": 16}, lend={"spot": 4}),
        ),
    )
    return Admission(layer_context(small_spec(cloud, cluster=cluster), cloud))


@cache
def _others(cloud: str) -> Admission:
    return Admission(layer_of(cloud))


def _job(layer: LayerContext, request: JobRequest) -> dict[str, Any]:
    return cast("dict[str, Any]", wire_object(job_objects(layer, request)[0]))


@pytest.mark.parametrize("admission", [_teams, _others])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_job_that_is_not_refused_is_admitted(cloud: str, admission: Callable[[str], Admission]) -> None:
    there = admission(cloud)
    teams = there.layer.spec.cluster.teams if there.layer.spec.cluster else ()
    seen = set[str]()
    for nodes in there.layer.all_pools:
        for kind in JOB_KINDS:
            for team in (None, *(team.name for team in teams)):
                for count in (1, nodes.pool.max_nodes):
                    request = replace(JOB, kind=kind, pool=nodes.pool.name, nodes=count, team=team)
                    if job_problems(there.layer, request):
                        continue
                    seen.add(f"{kind} {nodes.pool.name}")
                    assert not there.refusals(_job(there.layer, request)), request
    # Ray cannot be told the settings of one fabric of GKE
    assert len(seen) >= 4 * len(JOB_KINDS) - 1


def _queue(job: dict[str, Any]) -> None:
    job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = "none"


def _namespace(job: dict[str, Any]) -> None:
    job["metadata"]["namespace"] = "kube-system"


def _priority(job: dict[str, Any]) -> None:
    job["metadata"]["labels"]["kueue.x-k8s.io/priority-class"] = "highest"


def _runtime(job: dict[str, Any]) -> None:
    job["spec"]["runtimeRef"]["name"] = "torch-distributed"


def _nodes(job: dict[str, Any]) -> None:
    job["spec"]["trainer"]["numNodes"] = 99


def _resource(job: dict[str, Any]) -> None:
    job["spec"]["trainer"]["resourcesPerNode"] = {"limits": {"amd.com/gpu": "1"}}


def _memory(job: dict[str, Any]) -> None:
    job["spec"]["trainer"]["resourcesPerNode"] = {"requests": {"memory": "4000Gi"}}


PLANTED: tuple[tuple[Callable[[dict[str, Any]], None], str], ...] = (
    (_queue, "doesn't exist"),
    (_namespace, "not found"),
    (_priority, "WorkloadPriorityClass"),
    (_runtime, "runtime 'torch-distributed' not found"),
    (_nodes, "insufficient quota"),
    (_resource, "unavailable in ClusterQueue"),
    (_memory, "too little memory"),
)


@pytest.mark.parametrize(("plant", "words"), PLANTED)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_planted_error_is_found(cloud: str, plant: Callable[[dict[str, Any]], None], words: str) -> None:
    there = _teams(cloud)
    job = copy.deepcopy(_job(there.layer, replace(JOB, nodes=1, team="fraud")))
    assert not there.refusals(job)
    plant(job)
    assert any(words in each for each in there.refusals(job))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_pods_without_tolerations_find_no_tainted_cpu_node(cloud: str) -> None:
    there = _others(cloud)
    job = _job(there.layer, replace(JOB, kind="sweep", pool="prep"))
    assert not there.refusals(job)
    del job["spec"]["template"]["spec"]["tolerations"]
    (refusal,) = there.refusals(job)
    assert "no node matches" in refusal


def test_rights_of_a_fabric_are_refused_where_no_pool_has_one() -> None:
    there = _others("gcp")
    job = _job(there.layer, replace(JOB, kind="jobset", pool="gpu"))
    (pod,) = (each["template"]["spec"]["template"]["spec"] for each in job["spec"]["replicatedJobs"])
    pod["containers"][0]["securityContext"] = {"capabilities": {"add": ["IPC_LOCK"]}}
    assert there.refusals(job) == ["violates PodSecurity 'baseline': non-default capabilities"]
