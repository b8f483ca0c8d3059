"""Endpoints on the cluster: what is released is served, to callers of this cluster alone, and the queue leaves room."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

import pytest
from pydantic import ValidationError

from mlplatform import (
    AutoscalingSpec,
    ClusterSpec,
    CpuPoolSpec,
    CpuSpec,
    EndpointSpec,
    GpuPoolSpec,
    NetworkSpec,
    PlatformSpec,
    TaintSpec,
    TeamSpec,
    TimeSlicing,
    TrainingSpec,
    VariantSpec,
    discovery,
)
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, LayerItem
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.cluster.tokens import type_token
from mlplatform.components.imagined_releases import as_released
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.reading.load import load
from mlplatform.render.images.listing import list_images
from mlplatform.spec.problem import Problem
from mlplatform.spec.rollouts import AllAtOnce
from mlplatform.spec.variants import ShadowSpec

from ..conftest import CLOUDS, ROOT
from .conftest import small_spec

POOLS = (
    GpuPoolSpec(
        name="serve", accelerator="T4:1", min_nodes=2, max_nodes=8, taints=(TaintSpec(key="for", value="web"),)
    ),
    GpuPoolSpec(name="sliced", accelerator="T4:1", min_nodes=1, max_nodes=2, sharing=TimeSlicing(clients=4)),
    GpuPoolSpec(name="big", accelerator="H100:8", min_nodes=1, max_nodes=4, fabric=True),
)
CPU_POOLS = (CpuPoolSpec(name="web", min_nodes=1, max_nodes=4),)
KEYS = "https://keys.example/id/1/keys"


def endpoint(**changes: object) -> EndpointSpec:
    """An endpoint on the GPU pool."""
    given: dict[str, object] = {
        "name": "llm",
        "on": "cluster",
        "pool": "serve",
        "server": "vllm",
        "accelerator": "T4:1",
        "model": "llm/7",
        "replicas": (1, 1),
        "rollout": AllAtOnce(),
    }
    return EndpointSpec.model_validate({**given, **changes})


def platform(cloud: str, *endpoints: EndpointSpec, **changes: object) -> PlatformSpec:
    """A small platform with pools for endpoints."""
    training = TrainingSpec(pools=POOLS, cpu_pools=CPU_POOLS)
    return small_spec(cloud, **{"training": training, "endpoints": endpoints or (endpoint(),), **changes})


def items(spec: PlatformSpec, cloud: str, *, released: bool = True) -> dict[str, LayerItem]:
    """The layer by role, with everything released that the spec names."""
    return {item.role: item for item in layer_items(layer_context(as_released(spec) if released else spec, cloud))}


def body(found: Mapping[str, LayerItem], role: str) -> dict[str, Any]:
    """One object as it is sent, with the cloud's outputs in it."""
    known = {"layer.tokenKeys": KEYS}

    def value(wanted: FromCloud) -> str:
        return wanted.around(known.get(wanted.output, "x"))

    return cast("Any", resolve(wire_object(cast("Any", found[role].body)), value))


def pod(found: Mapping[str, LayerItem], role: str = "endpoint-model-llm--main") -> dict[str, Any]:
    """The pods of a deployment."""
    return body(found, role)["spec"]["template"]["spec"]


def router(found: Mapping[str, LayerItem], name: str = "llm") -> dict[str, Any]:
    """Envoy's configuration."""
    return json.loads(pod(found, f"endpoint-router-{name}")["containers"][0]["args"][1])["static_resources"]


def refusals(spec: PlatformSpec, cloud: str) -> dict[str, Problem]:
    """What a cloud refuses in the endpoints, by field."""
    return {problem.path: problem for problem in discovery.backend(cloud).problems(spec.on(cloud))}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_object_is_one_that_an_api_server_takes(cloud: str) -> None:
    shadowed = endpoint(
        variants=(VariantSpec(name="main", model="llm/7", traffic_percent=90), VariantSpec(name="next", model="llm/8",
                  traffic_percent=10)),
        model=None,
        shadow=ShadowSpec(model="llm/9"),
        replicas=(1, 2),
        autoscaling=AutoscalingSpec(metric="cpu", target=60),
    )  # fmt: skip
    large = endpoint(name="large", pool="big", accelerator="H100:4")
    small = endpoint(name="small", pool="web", accelerator=None, server="triton")
    training = TrainingSpec(pools=(POOLS[0].overlay(min_nodes=3, max_nodes=9), *POOLS[1:]), cpu_pools=CPU_POOLS)
    spec = platform(cloud, shadowed, large, small, training=training)
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    ours = [role for role in found if role.startswith("endpoint-")]
    assert len(ours) > 25
    for role in ours:
        sent = body(found, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role


@pytest.mark.parametrize("cloud", CLOUDS)
def test_replicas_run_on_their_pool_with_its_devices(cloud: str) -> None:
    spec = pod(items(platform(cloud), cloud))
    assert spec["nodeSelector"]["mlplatform.dev/pool"] == "serve"
    assert {each["key"] for each in spec["tolerations"]} == {"for", "nvidia.com/gpu"}
    assert spec["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "1"}
    assert spec["serviceAccountName"] == "endpoint-llm"
    assert spec["automountServiceAccountToken"] is False


def test_a_client_of_a_shared_gpu_has_the_labels_of_its_cloud() -> None:
    sliced = endpoint(pool="sliced", cpu=CpuSpec(vcpus=1, memory_gib=4))
    spec = platform("gcp", sliced)
    assert not refusals(spec, "gcp")
    assert "cloud.google.com/gke-gpu-sharing-strategy" in pod(items(spec, "gcp"))["nodeSelector"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_model_on_several_gpus_is_split_over_them(cloud: str) -> None:
    spec = pod(items(platform(cloud, endpoint(pool="big", accelerator="H100:8")), cloud))
    server = spec["containers"][0]
    assert "--tensor-parallel-size=8" in server["args"]
    assert any(mount["mountPath"] == "/dev/shm" for mount in server["volumeMounts"])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_was_released_is_served_and_nothing_else(cloud: str) -> None:
    spec = as_released(platform(cloud))
    assert spec.record
    key = spec.targets[0].name
    release = spec.record.targets[key]["llm"]["main"].overlay(digests={"model.bin": f"sha256:{'a' * 64}"})
    record = spec.record.overlay(targets={key: {"llm": {"main": release}}})
    found = {item.role: item for item in layer_items(layer_context(spec.with_record(record), cloud))}
    fetch, verify = pod(found)["initContainers"]
    assert re.fullmatch(r"models:[a-z0-9-]+/llm/7", fetch["args"][1])
    sums = body(found, "endpoint-release-llm--main")
    assert sums["data"] == {"sha256sums": f"{'a' * 64}  model.bin\n"}
    assert verify["args"][:2] == ["checksum", "sha256"]
    volumes = {volume["name"]: volume for volume in pod(found)["volumes"]}
    assert volumes["release"]["configMap"]["name"] == sums["metadata"]["name"]


def test_another_release_leaves_the_digests_of_the_former_one() -> None:
    """Replicas of the former release may start again while they are replaced."""
    names: set[str] = set()
    for digest in "ab":
        spec = as_released(platform("aws"))
        assert spec.record
        release = spec.record.targets["aws"]["llm"]["main"].overlay(digests={"model.bin": f"sha256:{digest * 64}"})
        record = spec.record.overlay(targets={"aws": {"llm": {"main": release}}})
        found = {item.role: item for item in layer_items(layer_context(spec.with_record(record), "aws"))}
        names.add(body(found, "endpoint-release-llm--main")["metadata"]["name"])
    assert len(names) == 2


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_a_release_the_router_says_so_and_no_model_runs(cloud: str) -> None:
    found = items(platform(cloud), cloud, released=False)
    assert not any(role.startswith("endpoint-model") for role in found)
    config = router(found)
    routes = config["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["route_config"]
    assert routes["virtual_hosts"][0]["routes"][-1]["direct_response"]["status"] == 503
    assert [each["name"] for each in config["clusters"]] == ["_keys", "_admin"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_callers_need_a_token_of_a_job_of_this_cluster_for_this_endpoint(cloud: str) -> None:
    teams = ClusterSpec(teams=(TeamSpec("fraud", quota={"serve": 1}),))
    found = items(platform(cloud, cluster=teams), cloud)
    filters = router(found)["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]
    assert [each["name"].rpartition(".")[2] for each in filters] == ["jwt_authn", "router"]
    provider = filters[0]["typed_config"]["providers"]["cluster"]
    assert provider["audiences"] == ["llm.endpoints.svc.cluster.local"]
    assert provider["remote_jwks"]["http_uri"]["uri"] == KEYS
    allowed = re.compile(provider["subjects"]["safe_regex"]["regex"])
    assert allowed.fullmatch("system:serviceaccount:team-fraud:training")
    assert not allowed.fullmatch("system:serviceaccount:team-fraud:default")
    assert not allowed.fullmatch("system:serviceaccount:endpoints:endpoint-llm")
    rules = filters[0]["typed_config"]["rules"]
    assert [rule["match"] for rule in rules if "requires" not in rule] == [{"path": "/-/ready"}]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_router_alone_reaches_a_model_and_teams_reach_the_router(cloud: str) -> None:
    teams = ClusterSpec(teams=(TeamSpec("fraud", quota={"serve": 1}),))
    found = items(platform(cloud, cluster=teams), cloud)
    models = body(found, "endpoint-network-llm--models")["spec"]
    assert models["podSelector"]["matchLabels"] == {"mlplatform.dev/endpoint": "llm", "mlplatform.dev/role": "model"}
    labels = body(found, "endpoint-model-llm--main")["spec"]["template"]["metadata"]["labels"]
    assert models["podSelector"]["matchLabels"].items() <= labels.items()
    peers = [peer for rule in models["ingress"] for peer in rule.get("from", ())]
    assert [rule["ports"] for rule in models["ingress"] if "from" not in rule] == [[{"port": 9902, "protocol": "TCP"}]]
    assert peers == [
        {"podSelector": {"matchLabels": {"mlplatform.dev/endpoint": "llm", "mlplatform.dev/role": "router"}}}
    ]
    ports = [
        rule
        for rule in body(found, "network-team-fraud")["spec"]["egress"]
        if rule.get("ports", [{}])[0].get("port") == 8080
    ]
    assert ports


def test_a_replica_leaves_only_after_the_router_knows_the_next_one() -> None:
    found = items(platform("aws"), "aws")
    deployment = body(found, "endpoint-model-llm--main")["spec"]
    server = deployment["template"]["spec"]["containers"][0]
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert deployment["minReadySeconds"] >= 35  # 30 seconds of CoreDNS, 5 of Envoy
    assert server["lifecycle"]["preStop"]["sleep"]["seconds"] >= 35
    assert deployment["template"]["spec"]["terminationGracePeriodSeconds"] >= 35 + 60


def test_a_router_that_is_replaced_ends_its_requests_first() -> None:
    """Other shares of the traffic are another configuration, and so other routers."""
    spec = pod(items(platform("aws", endpoint(timeout_seconds=300)), "aws"), "endpoint-router-llm")
    leaves = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert leaves >= 300 + 5
    assert spec["terminationGracePeriodSeconds"] > leaves


def test_routers_come_after_the_models_that_they_lead_to() -> None:
    found = items(platform("aws"), "aws")
    order = [STAGES.index(found[f"endpoint-{kind}"].stage) for kind in ("network-llm", "model-llm--main", "router-llm")]
    assert order == sorted(set(order))
    # a model that does not start holds up no add-on
    assert order[1] > STAGES.index("addons")
    assert found["endpoint-model-llm--main"].minutes >= 60  # a node, and half an hour for vLLM


def test_an_autoscaled_model_has_no_fixed_number() -> None:
    scaled = endpoint(replicas=(2, 3), autoscaling=AutoscalingSpec(metric="cpu", target=70, cooldown_seconds=120))
    found = items(platform("aws", scaled), "aws")
    assert "replicas" not in body(found, "endpoint-model-llm--main")["spec"]
    scaler = body(found, "endpoint-autoscaler-llm--main")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)
    assert scaler["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 120


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_queue_promises_no_device_that_an_endpoint_may_take(cloud: str) -> None:
    found = items(
        platform(cloud, endpoint(replicas=(1, 2), autoscaling=AutoscalingSpec(metric="cpu", target=60))), cloud
    )
    queue = body(found, "queue-acme-ml")
    quotas = {
        flavor["name"].rpartition("-")[0]: flavor["resources"][0]["nominalQuota"]
        for group in queue["spec"]["resourceGroups"]
        for flavor in group["flavors"]
    }
    assert quotas["serve"] == "5"  # 8, less 2 replicas and the one that replaces them


@pytest.mark.parametrize("cloud", CLOUDS)
def test_teams_cannot_have_what_endpoints_take(cloud: str) -> None:
    teams = ClusterSpec(teams=(TeamSpec("fraud", quota={"serve": 7}),))
    problems = refusals(platform(cloud, cluster=teams), cloud)
    assert "of which endpoints take up to 2" in problems["cluster.teams[0].quota.serve"].expected


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "zero": ({"replicas": (0, 1), "autoscaling": AutoscalingSpec(metric="cpu", target=60)}, "replicas"),
    "metric": ({"replicas": (1, 2)}, "autoscaling.metric"),
    "concurrency": ({"server": "triton", "max_concurrency": 4}, "max_concurrency"),
    "server": ({"accelerator": None, "pool": "web"}, "server"),
    "own variable": ({"server": "custom", "image": "docker.io/acme/x:1", "env": {"MODEL_PATH": "/x"}}, "env"),
    "hyphens": ({"name": "a--b"}, "name"),
    "other accelerator": ({"accelerator": "A100-80GB:1"}, "accelerator"),
    "no accelerator": ({"accelerator": None, "server": "triton"}, "accelerator"),
    "more than a node": ({"accelerator": "H100:8", "pool": "sliced"}, "accelerator"),
    "two parts of a shared GPU": ({"accelerator": "T4:2", "pool": "sliced"}, "accelerator"),
    "accelerator without": ({"pool": "web"}, "accelerator"),
    "too large": ({"cpu": CpuSpec(vcpus=64)}, "cpu"),
    "more than the pool keeps": ({"replicas": (3, 3)}, "replicas"),
    "more than the pool has": (
        {"replicas": (2, 8), "autoscaling": AutoscalingSpec(metric="cpu", target=60)},
        "replicas",
    ),
    "more than the CPU pool": (
        {"pool": "web", "accelerator": None, "server": "triton", "replicas": (9, 9)},
        "replicas",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_cluster_cannot_do_is_refused_with_a_way_out(cloud: str, case: str) -> None:
    changes, field = REFUSED[case]
    problems = refusals(platform(cloud, endpoint(**changes)), cloud)
    found = problems.get(f"endpoints[0].{field}")
    assert found, problems
    assert found.fix


_LARGE = {"accelerator": "H100:8", "pool": "big"}
_TWO = (
    VariantSpec(name="a", model="llm/7", traffic_percent=90),
    VariantSpec(name="b", model="llm/8", traffic_percent=10),
)
WAYS_OUT: dict[str, tuple[str, dict[str, Any], str]] = {
    "a shadow on Vertex AI": ("gcp", {**_LARGE, "shadow": ShadowSpec(model="llm/8")}, "shadow"),
    "secrets on Vertex AI": ("gcp", {**_LARGE, "secrets": {"TOKEN": "hub"}}, "secrets"),
    "capture on Vertex AI": ("gcp", {**_LARGE, "capture_percent": 5}, "capture_percent"),
    "another server on Vertex AI": ("gcp", {**_LARGE, "server": "tensorflow"}, "server"),
    "a cooldown on Vertex AI": (
        "gcp",
        {**_LARGE, "autoscaling": AutoscalingSpec(metric="cpu", target=60, cooldown_seconds=120)},
        "autoscaling.cooldown_seconds",
    ),
    "long variables on Vertex AI": ("gcp", {**_LARGE, "env": {"A": "x" * 1024, "B": "x" * 1024}}, "env"),
    "long answers of SageMaker": ("aws", {"timeout_seconds": 300}, "timeout_seconds"),
    "a shadow of two variants on SageMaker": (
        "aws",
        {"model": None, "variants": _TWO, "shadow": ShadowSpec(model="llm/9")},
        "shadow",
    ),
    "long answers of Azure ML": ("azure", {"timeout_seconds": 600}, "timeout_seconds"),
    "every request copied on Azure ML": ("azure", {"shadow": ShadowSpec(model="llm/8")}, "shadow.sample_percent"),
}


@pytest.mark.parametrize("case", WAYS_OUT)
def test_what_a_service_refuses_and_a_cluster_has_is_said_to_run_there(case: str) -> None:
    cloud, changes, field = WAYS_OUT[case]
    managed = endpoint(**{**changes, "on": "managed", "pool": None})
    assert "on the training cluster" in refusals(platform(cloud, managed), cloud)[f"endpoints[0].{field}"].fix
    assert f"endpoints[0].{field}" not in refusals(platform(cloud, endpoint(**changes)), cloud)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_network_without_a_way_out_is_refused(cloud: str) -> None:
    spec = platform(cloud, network=NetworkSpec(nat="none"))
    assert "network.nat" in refusals(spec, cloud)["endpoints[0].on"].fix


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"cluster": None}, "endpoints[0].on"),
        ({"training": None, "cluster": None}, "endpoints[0].on"),
        ({"endpoints": (endpoint(pool="nowhere"),)}, "endpoints[0].pool"),
    ],
)
def test_an_endpoint_on_what_is_not_there_is_refused(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as error:
        platform("aws", **changes)
    assert where in str(error.value)


@pytest.mark.parametrize("changes", [{"pool": None}, {"on": "managed"}])
def test_pool_and_cluster_go_together(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="pool"):
        endpoint(**changes)


def test_copies_of_images_change_nothing_else() -> None:
    found = items(platform("aws", cluster=ClusterSpec(images="platform")), "aws")
    assert pod(found)["containers"][0]["image"].split("/")[0].endswith(".amazonaws.com")
    assert pod(found)["initContainers"][0]["image"].split("/")[0].endswith(".amazonaws.com")
    # vLLM loads its model for half an hour
    assert found["endpoint-model-llm--main"].minutes >= 60


def test_images_of_what_is_not_released_yet_are_listed() -> None:
    listed = {image.source.path for image in list_images(platform("aws"), "aws").images}
    assert {"envoyproxy/envoy", "rclone/rclone", "vllm/vllm-openai"} <= listed


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_example_serves_two_models_on_whole_nodes(cloud: str) -> None:
    spec = load(ROOT / "examples" / "endpoint_on_cluster" / "platform.yaml").spec
    assert spec
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    for variant in ("main", "next"):
        server = pod(found, f"endpoint-model-chat--{variant}")["containers"][0]
        assert server["resources"]["limits"] == {"nvidia.com/gpu": "8"}
    assert '"weight":10' in json.dumps(router(found, "chat"), separators=(",", ":"))
