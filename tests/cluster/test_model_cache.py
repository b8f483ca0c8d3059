"""The cache of models on nodes: filled once per node, checked at each start, and never more than two releases."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from mlplatform import EndpointSpec, VariantSpec
from mlplatform.cluster.serving.weights import Weights
from mlplatform.cluster.tokens import type_token
from mlplatform.components.model_servers import server_container
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS
from .admission import pod_security
from .test_endpoints import body, endpoint, items, platform, pod, refusals

TOOL = """#!/bin/sh
echo "$@" >> {told}
case "$1" in
copy) mkdir -p "$3"; echo "$2" > "$3/weights";;
checksum) test ! -e "$4/broken";;
esac
"""
"""Stands in for rclone: a copy makes a file, a check fails where somebody broke it."""


def cached(**changes: object) -> EndpointSpec:
    """An endpoint that keeps its models on the nodes."""
    return endpoint(model_cache="node", **changes)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_api_server_takes_the_cache_and_its_pods(cloud: str) -> None:
    spec = platform(cloud, cached())
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    for role in ("endpoint-cache-volume-llm", "endpoint-cache-claim-llm", "endpoint-model-llm--main"):
        sent = body(found, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role
    volume, claim = (body(found, f"endpoint-cache-{part}-llm") for part in ("volume", "claim"))
    # no other namespace gets the volume, and no other endpoint has its folder
    assert volume["spec"]["claimRef"] == {"name": claim["metadata"]["name"], "namespace": "endpoints"}
    assert volume["spec"]["hostPath"]["path"].endswith("/llm")
    level = body(found, "namespace-endpoints")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
    assert level == "baseline"
    assert not list(pod_security(level, pod(found)))


def test_without_a_cache_nothing_of_it_is_there() -> None:
    found = items(platform("aws", endpoint()), "aws")
    assert not [role for role in found if "cache" in role]
    assert {"name": "model", "emptyDir": {}} in pod(found)["volumes"]


def test_the_server_sees_one_release_and_cannot_change_it() -> None:
    spec = pod(items(platform("aws", cached()), "aws"))
    (mount,) = [each for each in spec["containers"][0]["volumeMounts"] if each["name"] == "model"]
    assert mount["readOnly"] is True
    assert mount["subPath"].startswith("main/")
    (fetch,) = spec["initContainers"]
    assert fetch["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert mount["subPath"].partition("/")[2] in fetch["args"][0]


def test_each_release_and_variant_has_a_folder_of_its_own() -> None:
    two = (
        VariantSpec(name="a", model="llm/7", traffic_percent=90),
        VariantSpec(name="b", model="llm/8", traffic_percent=10),
    )
    found = items(platform("aws", cached(model=None, variants=two)), "aws")
    paths = {
        mount["subPath"]
        for name in "ab"
        for mount in pod(found, f"endpoint-model-llm--{name}")["containers"][0]["volumeMounts"]
        if mount["name"] == "model"
    }
    assert len(paths) == 2


def test_a_replica_over_several_nodes_has_a_cache_on_each() -> None:
    spec = cached(pool="big", accelerator="H100:8", nodes=2, image="docker.io/acme/vllm:1")
    group = body(items(platform("aws", spec), "aws"), "endpoint-model-llm--main")["spec"]["leaderWorkerTemplate"]
    for member in ("leaderTemplate", "workerTemplate"):
        volumes = group[member]["spec"]["volumes"]
        assert {"name": "model", "persistentVolumeClaim": {"claimName": "llm--models"}} in volumes


def test_a_managed_endpoint_has_none() -> None:
    with pytest.raises(ValidationError, match="model_cache"):
        EndpointSpec(name="llm", model="llm/7", model_cache="node")


class Node:
    """A node's folder, and the script as its shell runs it."""

    def __init__(self, path: Path) -> None:
        self.path, self.cache = path, path / "cache"
        self.cache.mkdir()
        tool = path / "rclone"
        tool.write_text(TOOL.format(told=path / "told"))
        tool.chmod(0o755)

    def weights(self, version: int) -> Weights:
        """A release."""
        spec = cached()
        return Weights(
            endpoint=spec,
            variant="main",
            server=server_container(spec, None, 1),
            artifact=f"s3://bucket/llm/{version}",
            sums=f"llm--main-{version}",
        )

    def start(self, version: int) -> subprocess.Popen[bytes]:
        """Start a replica's container."""
        script = self.weights(version).cache_script(f"bucket/llm/{version}", str(self.cache))
        path = f"{self.path}:{os.environ['PATH']}"
        return subprocess.Popen(["/bin/sh", "-c", script], env={"PATH": path})

    def folder(self, version: int) -> Path:
        """Where a release is."""
        return self.cache / self.weights(version).folder

    def told(self, command: str) -> int:
        """How often the tool was asked for something."""
        return sum(line.startswith(command) for line in (self.path / "told").read_text().splitlines())


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """An empty node."""
    return Node(tmp_path)


def test_replicas_of_a_node_copy_once_and_check_each(node: Node) -> None:
    for replica in [node.start(7) for _ in range(3)]:
        assert replica.wait(10) == 0
    assert node.told("copy") == 1
    assert node.told("checksum") == 3
    assert (node.folder(7) / "weights").is_file()


def test_what_differs_from_the_record_does_not_start_and_is_fetched_again(node: Node) -> None:
    assert node.start(7).wait(10) == 0
    (node.folder(7) / "broken").touch()
    assert node.start(7).wait(10) != 0
    assert node.start(7).wait(10) == 0
    assert node.told("copy") == 2


def test_half_a_copy_is_not_taken_for_one(node: Node) -> None:
    half = node.folder(7).parent / ".part"
    half.mkdir(parents=True)
    (half / "broken").touch()
    assert node.start(7).wait(10) == 0
    assert not (node.folder(7) / "broken").exists()


def test_a_node_keeps_the_release_and_the_one_before(node: Node) -> None:
    for version in (7, 8, 9):
        assert node.start(version).wait(10) == 0
        if version < 9:
            os.utime(node.folder(version), (version, version))
    assert not node.folder(7).exists()
    assert node.folder(8).exists()
    assert node.folder(9).exists()
