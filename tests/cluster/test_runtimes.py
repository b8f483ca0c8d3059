"""Jobs on nodes of every kind: without devices, with AMD's, AWS's and old ones of NVIDIA, and on other processors."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest

from mlplatform import AzureTarget, ClusterSpec, CpuPoolSpec, GpuPoolSpec, TaintSpec, TrainingSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JOB_KINDS, JobKind, JobRequest
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS
from .conftest import TARGETS, small_spec

CPU_POOLS = (
    CpuPoolSpec(name="prep", max_nodes=3, capacity="spot", taints=(TaintSpec(key="team", value="llm"),)),
    CpuPoolSpec(name="steady", vcpus=8, memory_gib=32, max_nodes=4),
    CpuPoolSpec(name="tiny", vcpus=2, memory_gib=8, max_nodes=2),
)
GPU = GpuPoolSpec(name="gpu", accelerator="A100-80GB:8", max_nodes=2)
OTHERS: dict[str, tuple[GpuPoolSpec, ...]] = {
    "aws": (
        GpuPoolSpec(name="trn", accelerator="Trainium1:16", max_nodes=2, fabric=True),
        GpuPoolSpec(name="inf", accelerator="Inferentia2:1", max_nodes=2),
        GpuPoolSpec(name="old", accelerator="V100-32GB:8", max_nodes=2),
        GpuPoolSpec(name="arm", accelerator="T4G:1", max_nodes=2),
    ),
    "gcp": (GpuPoolSpec(name="old", accelerator="V100:1", max_nodes=2),),
    "azure": (GpuPoolSpec(name="amd", accelerator="MI300X:8", max_nodes=2, fabric=True),),
}
JOB = JobRequest(name="prep", pool="steady", image="acme.example/prep:1.4", command=("torchrun", "train.py"))
SPOT = {
    "aws": "mlplatform.dev/spot",
    "gcp": "cloud.google.com/gke-spot",
    "azure": "kubernetes.azure.com/scalesetpriority",
}


@cache
def layer_of(cloud: str) -> LayerContext:
    """A layer with pools of every kind that the cloud has."""
    training = TrainingSpec(pools=(GPU, *OTHERS[cloud]), cpu_pools=CPU_POOLS)
    spec = small_spec(cloud, training=training, cluster=ClusterSpec(engines=("trainer", "ray")))
    if cloud == "azure":
        # its other regions have no MI300X
        spec = spec.overlay(targets=(cast("AzureTarget", TARGETS["azure"]).overlay(location="eastus2"),))
    return layer_context(spec, cloud)


def _wire(layer: LayerContext, request: JobRequest) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", wire_object(each)) for each in job_objects(layer, request)]


def _token(body: dict[str, Any]) -> str:
    api = body["apiVersion"]
    return f"kubernetes:{api if '/' in api else f'core/{api}'}:{body['kind']}"


@cache
def _runtimes(cloud: str) -> dict[str, dict[str, Any]]:
    bodies = [item.body for item in layer_items(layer_of(cloud)) if item.role.startswith("runtime-")]
    wired = [cast("dict[str, Any]", wire_object(cast("KubeObject", body))) for body in bodies]
    return {body["metadata"]["name"]: body for body in wired}


def _pod(runtime: dict[str, Any]) -> dict[str, Any]:
    jobs = runtime["spec"]["template"]["spec"]["replicatedJobs"]
    return jobs[0]["template"]["spec"]["template"]["spec"]


def _container(cloud: str, runtime: str) -> dict[str, Any]:
    return _pod(_runtimes(cloud)[runtime])["containers"][0]


@pytest.mark.parametrize("kind", JOB_KINDS)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_kind_runs_on_nodes_without_devices(cloud: str, kind: JobKind) -> None:
    layer = layer_of(cloud)
    request = replace(JOB, kind=kind, pool="prep", nodes=2)
    assert not job_problems(layer, request)
    objects = _wire(layer, request)
    for body in objects:
        assert not check_kubernetes_object(_token(body), body), body
    # no flavor of the queue gives these pods their tolerations
    pod = _pod(_runtimes(cloud)["torch-prep"]) if kind in ("torch", "tensorflow") else _first_pod(objects[0])
    assert {each["key"] for each in pod["tolerations"]} == {SPOT[cloud], "team"}
    assert pod["nodeSelector"] == {"mlplatform.dev/pool": "prep"}
    text = str(objects)
    assert "nvidia" not in text
    assert "amd.com" not in text


def _first_pod(body: dict[str, Any]) -> dict[str, Any]:
    match body["kind"]:
        case "JobSet":
            return body["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
        case "RayJob":
            return body["spec"]["rayClusterSpec"]["workerGroupSpecs"][0]["template"]["spec"]
        case _:
            return body["spec"]["template"]["spec"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_runtimes_without_devices_take_a_node_and_ask_for_no_device(cloud: str) -> None:
    layer = layer_of(cloud)
    machine = next(each.machine for each in layer.cpu_pools if each.pool.name == "steady")
    for framework in ("torch", "tensorflow"):
        runtime = _runtimes(cloud)[f"{framework}-steady"]
        assert not check_kubernetes_object(_token(runtime), runtime)
        container = _container(cloud, f"{framework}-steady")
        assert set(container["resources"]) == {"requests"}
        assert int(container["resources"]["requests"]["cpu"][:-1]) == int(machine.vcpus * 700)
        assert "tolerations" not in _pod(runtime)
    assert "-gpu" not in _container(cloud, "tensorflow-steady")["image"]
    # Trainer would count the CPUs
    trainer = _wire(layer, JOB)[0]["spec"]["trainer"]
    assert trainer["numProcPerNode"] == 1


@pytest.mark.parametrize(
    ("cloud", "runtime", "image"),
    [
        ("aws", "torch-old", "docker.io/pytorch/pytorch:2.13.0-cuda12.6-"),
        ("gcp", "torch-old", "docker.io/pytorch/pytorch:2.13.0-cuda12.6-"),
        ("aws", "torch-gpu", "docker.io/pytorch/pytorch:2.13.0-cuda13.0-"),
        ("aws", "torch-arm", "nvcr.io/nvidia/pytorch:"),
        ("aws", "torch-trn", "public.ecr.aws/neuron/pytorch-training-neuronx:"),
        ("aws", "torch-inf", "public.ecr.aws/neuron/pytorch-training-neuronx:"),
        ("azure", "torch-amd", "docker.io/rocm/pytorch:"),
        ("azure", "tensorflow-amd", "docker.io/rocm/tensorflow:"),
    ],
)
def test_a_runtime_has_an_image_that_knows_its_nodes(cloud: str, runtime: str, image: str) -> None:
    assert _container(cloud, runtime)["image"].startswith(image)


def test_amd_has_its_own_device_and_its_fabric() -> None:
    limits = _container("azure", "torch-amd")["resources"]["limits"]
    assert limits == {"amd.com/gpu": "8", "rdma/ib": "8"}
    (job, _) = _wire(layer_of("azure"), replace(JOB, pool="amd", nodes=2))
    assert job["spec"]["trainer"]["numProcPerNode"] == 8
    (ray, _) = _wire(layer_of("azure"), replace(JOB, pool="amd", nodes=2, kind="ray"))
    (workers,) = ray["spec"]["rayClusterSpec"]["workerGroupSpecs"]
    assert workers["rayStartParams"] == {"num-gpus": "8"}


def test_neuron_has_a_process_for_each_core_and_its_fabric() -> None:
    container = _container("aws", "torch-trn")
    assert container["resources"]["limits"] == {"aws.amazon.com/neuron": "16", "vpc.amazonaws.com/efa": "16"}
    env = {each["name"]: each.get("value") for each in container["env"]}
    assert (env["FI_PROVIDER"], env["FI_EFA_USE_DEVICE_RDMA"], env["CCOM_SOCKET_IFNAME"]) == ("efa", "1", "eth0")
    assert not any(name.startswith("NCCL") for name in env)
    # Trainer counts no device without `gpu` in its name, and would start one process for each CPU
    (job, _) = _wire(layer_of("aws"), replace(JOB, pool="trn", nodes=2))
    assert job["spec"]["trainer"]["numProcPerNode"] == 32
    (part, _) = _wire(layer_of("aws"), replace(JOB, pool="inf", devices=1))
    assert part["spec"]["trainer"]["numProcPerNode"] == 2
    (ray, _) = _wire(layer_of("aws"), replace(JOB, pool="trn", nodes=2, kind="ray"))
    (workers,) = ray["spec"]["rayClusterSpec"]["workerGroupSpecs"]
    assert workers["rayStartParams"] == {"num-gpus": "0", "resources": "'{\"neuron_cores\": 32}'"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_rays_head_is_on_a_pool_without_gpus(cloud: str) -> None:
    layer = layer_of(cloud)
    request = replace(JOB, kind="ray", pool="gpu", nodes=2)
    cluster = _wire(layer, request)[0]["spec"]["rayClusterSpec"]
    # the first on demand with room: `prep` is spot, `tiny` too small
    assert cluster["headGroupSpec"]["template"]["spec"]["nodeSelector"] == {"mlplatform.dev/pool": "steady"}
    workers = cluster["workerGroupSpecs"][0]["template"]["spec"]
    assert workers["nodeSelector"]["mlplatform.dev/pool"] == "gpu"
    assert workers["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == "8"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_pools_without_gpus_alone_have_a_queue(cloud: str) -> None:
    training = TrainingSpec(cpu_pools=CPU_POOLS)
    layer = layer_context(small_spec(cloud, training=training, cluster=ClusterSpec(engines=("ray",))), cloud)
    roles = {item.role for item in layer_items(layer)}
    assert {"queue-acme-ml", "local-queue-training"} <= roles
    assert not job_problems(layer, replace(JOB, kind="ray", nodes=2))


REFUSED: tuple[tuple[str, str, dict[str, Any], str, str], ...] = (
    ("devices-of-none", "gcp", {"devices": 2}, "--devices", "leave it out"),
    ("more-nodes-than-the-pool", "aws", {"nodes": 5}, "--nodes", "training.cpu_pools[steady].max_nodes"),
    ("fabric-of-none", "aws", {"fabric": True}, "--fabric", "use --pool trn"),
    ("no-fabric-anywhere", "gcp", {"fabric": True}, "--fabric", "add a pool with fabric"),
    ("no-room-for-the-head", "azure", {"kind": "ray", "nodes": 4}, "--nodes", "another --head-pool"),
    ("head-unknown", "gcp", {"kind": "ray", "head_pool": "stedy"}, "--head-pool", "use steady"),
    ("head-on-gpus", "gcp", {"kind": "ray", "head_pool": "gpu"}, "--head-pool", "use steady"),
    ("head-on-spot", "azure", {"kind": "ray", "head_pool": "prep"}, "--head-pool", "use steady"),
    ("head-too-large", "aws", {"kind": "ray", "head_pool": "tiny"}, "--head-pool", "use steady"),
    ("head-of-none", "aws", {"head_pool": "steady"}, "--head-pool", "use --kind ray"),
    ("tensorflow-on-neuron", "aws", {"kind": "tensorflow", "pool": "trn"}, "--kind", "--kind jobset"),
    ("cuda-on-neuron", "aws", {"pool": "trn", "image": "acme/train:1-cuda13"}, "--image", "another pool"),
    ("new-neuron-on-old-chip", "aws", {"pool": "trn", "image": "a.b/neuron:2.14-sdk2.33.0"}, "--image", "2.31"),
    ("new-neuron-on-inferentia", "aws", {"pool": "inf", "image": "a.b/neuron:2.14-sdk3.0.0"}, "--image", "2.31"),
    ("cuda-on-amd", "azure", {"pool": "amd", "image": "acme/train:1-cuda13"}, "--image", "another pool"),
    ("arm-on-amd64", "gcp", {"image": "acme/train:1-arm64"}, "--image", "docker buildx"),
    ("arm-on-gpus", "azure", {"pool": "gpu", "image": "acme/train:1-aarch64"}, "--image", "docker buildx"),
    ("amd64-on-arm", "aws", {"pool": "arm", "image": "acme/train:1-x86_64"}, "--image", "docker buildx"),
)


@pytest.mark.parametrize("case", REFUSED, ids=[case[0] for case in REFUSED])
def test_what_these_nodes_cannot_run_is_refused(case: tuple[str, str, dict[str, Any], str, str]) -> None:
    _, cloud, change, where, fix = case
    (problem,) = job_problems(layer_of(cloud), replace(JOB, **change))
    assert problem.where == where
    assert fix in problem.fix
    assert problem.got
    assert problem.expected


@pytest.mark.parametrize(
    ("cloud", "change"),
    [
        ("aws", {"pool": "trn", "image": "a.b/neuron:2.9-sdk2.31.0"}),
        ("aws", {"pool": "trn", "image": "a.b/train:1-neuron", "kind": "jobset"}),
        ("aws", {"pool": "arm", "image": "acme/train:1-arm64"}),
        ("azure", {"pool": "amd", "image": "docker.io/rocm/pytorch:rocm7.2.4"}),
        ("gcp", {"image": "acme/train:1-cpu"}),
        ("gcp", {"image": "docker.io/pytorch/pytorch:2.13.0-cuda13.0-cudnn9-runtime"}),
        ("azure", {"kind": "ray", "nodes": 3}),
    ],
)
def test_what_they_can_run_is_not(cloud: str, change: dict[str, Any]) -> None:
    assert not job_problems(layer_of(cloud), replace(JOB, **change))
