"""Replicas over several nodes: one model on more GPUs than a node has, over the fabric, and only where that works."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlplatform import AutoscalingSpec, EndpointSpec, PlatformSpec
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.served_devices import served_devices
from mlplatform.cluster.items import ChartRelease
from mlplatform.cluster.tokens import type_token
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS
from .test_endpoints import POOLS, body, endpoint, items, platform, refusals

OWN = "docker.io/acme/vllm-fabric:1"


def grouped(**changes: object) -> EndpointSpec:
    """An endpoint whose replicas are on two whole nodes."""
    given: dict[str, object] = {"pool": "big", "accelerator": "H100:8", "nodes": 2, "image": OWN}
    return endpoint(**{**given, **changes})


def fitting(cloud: str, **changes: object) -> PlatformSpec:
    """A platform whose pool has the nodes."""
    big = POOLS[2].overlay(min_nodes=2, max_nodes=6)
    spec = platform(cloud, grouped(**changes))
    assert spec.training
    return spec.overlay(training=spec.training.overlay(pools=(*POOLS[:2], big)))


def templates(cloud: str, **changes: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pods of leader and worker."""
    group = body(items(fitting(cloud, **changes), cloud), "endpoint-model-llm--main")["spec"]["leaderWorkerTemplate"]
    return group["leaderTemplate"], group["workerTemplate"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_model_is_split_over_the_nodes_of_its_replica(cloud: str) -> None:
    spec = fitting(cloud)
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    group = body(found, "endpoint-model-llm--main")
    assert not check_kubernetes_object(type_token(group["apiVersion"], group["kind"]), group)
    assert group["spec"]["leaderWorkerTemplate"]["size"] == 2
    assert group["spec"]["rolloutStrategy"]["rollingUpdateConfiguration"] == {"maxSurge": 1, "maxUnavailable": 0}
    leader, worker = (each["spec"]["containers"][0] for each in templates(cloud))
    for server in (leader, worker):
        assert {"--tensor-parallel-size=8", "--pipeline-parallel-size=2", "--nnodes=2"} <= set(server["args"])
        assert {"--node-rank=$(LWS_WORKER_INDEX)", "--master-addr=$(LWS_LEADER_ADDRESS)"} <= set(server["args"])
    assert ("--headless" in leader["args"], "--headless" in worker["args"]) == (False, True)
    # a worker answers nothing: a probe of it would end every replica
    assert "readinessProbe" in leader
    assert not {"readinessProbe", "startupProbe"} & worker.keys()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_node_of_a_replica_has_the_fabric(cloud: str) -> None:
    """Without what asks for it NCCL takes TCP, and nothing says so."""
    for template in templates(cloud):
        server = template["spec"]["containers"][0]
        assert server["securityContext"]["capabilities"] == {"add": ["IPC_LOCK"]}
        match cloud:
            case "aws":
                assert server["resources"]["limits"]["vpc.amazonaws.com/efa"] == "32"
                assert {"name": "FI_PROVIDER", "value": "efa"} in server["env"]
            case "azure":
                assert server["resources"]["limits"]["rdma/ib"] == "8"
            case _:
                assert "networking.gke.io/interfaces" in template["metadata"]["annotations"]
                assert server["command"][:2] == ["bash", "-c"]
                assert any(each["restartPolicy"] == "Always" for each in template["spec"]["initContainers"][-1:])


def test_a_fabric_that_is_claimed_has_its_template_among_the_endpoints() -> None:
    roce = POOLS[2].overlay(accelerator="H200:8", min_nodes=2, max_nodes=6, capacity="spot")
    spec = platform("gcp", grouped(accelerator="H200:8", image=None))
    assert spec.training
    spec = spec.overlay(training=spec.training.overlay(pools=(*POOLS[:2], roce)))
    found = items(spec, "gcp")
    claim = body(found, "claim-endpoints-big")["metadata"]
    group = body(found, "endpoint-model-llm--main")["spec"]["leaderWorkerTemplate"]
    for template in (group["leaderTemplate"], group["workerTemplate"]):
        (asked,) = template["spec"]["resourceClaims"]
        assert asked["resourceClaimTemplateName"] == claim["name"]
        assert template["spec"]["containers"][0]["resources"]["claims"] == [{"name": asked["name"]}]


def test_callers_find_leaders_alone_and_the_nodes_find_each_other() -> None:
    found = items(fitting("aws"), "aws")
    leader, worker = (each["metadata"]["labels"] for each in templates("aws"))
    service = body(found, "endpoint-service-llm--main")
    assert service["spec"]["selector"].items() <= leader.items()
    assert not service["spec"]["selector"].items() <= worker.items()
    # the controller makes a service of the set's name, with pods that are not ready: another one must not stand there
    assert body(found, "endpoint-model-llm--main")["metadata"]["name"] != service["metadata"]["name"]
    network = body(found, "endpoint-network-llm--models")["spec"]
    (members,) = network["podSelector"]["matchExpressions"]
    assert set(members["values"]) == {leader["mlplatform.dev/role"], worker["mlplatform.dev/role"]}
    assert {"from": [{"podSelector": network["podSelector"]}]} in network["ingress"]
    assert {"to": [{"podSelector": network["podSelector"]}]} in network["egress"]
    budget = body(found, "endpoint-budget-llm--main")["spec"]["selector"]["matchLabels"]
    assert budget.items() <= leader.items()
    assert budget.items() <= worker.items()
    assert not budget.items() <= body(found, "endpoint-router-llm")["spec"]["selector"]["matchLabels"].items()


def test_the_controller_is_there_where_a_replica_needs_it_alone() -> None:
    found = items(fitting("aws"), "aws")
    release = found["release-lws"].body
    assert isinstance(release, ChartRelease)
    assert release.values["podSecurityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    level = "pod-security.kubernetes.io/enforce"
    assert body(found, "namespace-lws-system")["metadata"]["labels"][level] == "restricted"
    assert body(found, "namespace-endpoints")["metadata"]["labels"][level] == "privileged"
    plain = items(platform("aws"), "aws")
    assert "release-lws" not in plain
    assert body(plain, "namespace-endpoints")["metadata"]["labels"][level] == "baseline"


def test_groups_are_scaled_as_a_whole() -> None:
    scaled = {"replicas": (1, 2), "autoscaling": AutoscalingSpec(metric="cpu", target=60)}
    found = items(fitting("aws", **scaled), "aws")
    target = body(found, "endpoint-autoscaler-llm--main")["spec"]["scaleTargetRef"]
    group = body(found, "endpoint-model-llm--main")
    assert target == {"apiVersion": group["apiVersion"], "kind": group["kind"], "name": group["metadata"]["name"]}
    assert "replicas" not in group["spec"]


def test_queue_and_checks_count_every_node() -> None:
    plan = record(as_released(fitting("aws")), "aws", resolve=True)
    # two nodes of eight for the replica, and as many for the one that replaces it
    assert served_devices(PlanIndex(plan.steps), "big", "nvidia.com/gpu") == 32
    queue = body(items(fitting("aws"), "aws"), "queue-acme-ml")
    quotas = {
        flavor["name"].rpartition("-")[0]: flavor["resources"][0]["nominalQuota"]
        for group in queue["spec"]["resourceGroups"]
        for flavor in group["flavors"]
    }
    assert quotas["big"] == str(6 * 8 - 32)


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "another server": ("aws", {"server": "triton"}, "server"),
    "without a fabric": ("aws", {"pool": "serve", "accelerator": "T4:1"}, "nodes"),
    "a part of a node": ("aws", {"accelerator": "H100:4"}, "accelerator"),
    "the public image over EFA": ("aws", {"image": None}, "image"),
    "the public image over InfiniBand": ("azure", {"image": None}, "image"),
    "no GPUs": ("gcp", {"pool": "web", "accelerator": None, "server": "custom"}, "nodes"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_span_nodes_is_refused_with_a_way_out(case: str) -> None:
    cloud, changes, field = REFUSED[case]
    found = refusals(platform(cloud, grouped(**changes)), cloud).get(f"endpoints[0].{field}")
    assert found
    assert found.fix


def test_a_pool_keeps_the_nodes_of_every_replica() -> None:
    problem = refusals(platform("aws", grouped()), "aws")["endpoints[0].replicas"]
    assert "2 nodes" in problem.got


def test_on_gke_the_node_brings_the_fabrics_libraries() -> None:
    assert "endpoints[0].image" not in refusals(platform("gcp", grouped(image=None)), "gcp")


def test_a_managed_endpoint_has_one_instance_a_replica() -> None:
    with pytest.raises(ValidationError, match="nodes"):
        EndpointSpec(name="llm", nodes=2)
