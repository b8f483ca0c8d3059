"""Model servers: image, start, health; replicas: size and billing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import AutoscalingSpec, CpuSpec

from ....planned import Planned
from ..served import endpoint, server, template

Plan = Callable[..., Planned]


def test_bounds_target_and_billing_of_a_replica(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(2, 20), max_concurrency=32, timeout_seconds=3600),))
    inner = template(plan)
    assert inner["scaling"] == {"minInstanceCount": 2, "maxInstanceCount": 20, "concurrencyUtilization": 0.25}
    assert inner["maxInstanceRequestConcurrency"] == 32
    assert inner["timeout"] == "3600s"
    assert server(plan)["resources"] == {
        "limits": {"cpu": "2", "memory": "8Gi"},
        "cpuIdle": False,
        "startupCpuBoost": True,
    }
    by_cpu = planned(endpoints=(endpoint(autoscaling=AutoscalingSpec(metric="cpu", target=70)),))
    assert template(by_cpu)["scaling"]["cpuUtilization"] == 0.7
    assert "concurrencyUtilization" not in template(by_cpu)["scaling"]


def test_a_sleeping_replica_pays_for_requests_only(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(0, 3)),))
    assert template(plan)["scaling"]["minInstanceCount"] == 0
    assert server(plan)["resources"]["cpuIdle"] is True


def test_many_cpus_get_the_memory_cloud_run_asks_for(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(cpu=CpuSpec(vcpus=5, memory_gib=1)),))
    assert server(plan)["resources"]["limits"] == {"cpu": "6", "memory": "4Gi"}


def test_a_gpu_replica(planned: Plan) -> None:
    one = endpoint(name="tagger", server="vllm", accelerator=("L4:1", "T4:1"), replicas=(0, 6))
    plan = planned(endpoints=(one,))
    inner = template(plan, "endpoint-tagger-service")
    assert inner["nodeSelector"] == {"accelerator": "nvidia-l4"}
    assert inner["gpuZonalRedundancyDisabled"] is True
    assert server(plan, "endpoint-tagger-service")["resources"] == {
        "limits": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"},
        # a GPU is never taken away between requests
        "cpuIdle": False,
        "startupCpuBoost": False,
    }
    assert "endpoints[tagger].accelerator" in plan.notes()


@pytest.mark.parametrize(
    ("name", "health", "words"),
    [
        ("triton", "/v2/health/ready", ("--model-repository=/mnt/model", "--http-port=8080")),
        ("torchserve", "/ping", ("model_store=/mnt/model", "inference_address=http://0.0.0.0:8080")),
        ("tensorflow", "/v1/models/fraud", ("--rest_api_port=8080", "--model_name=fraud")),
        ("mlflow", "/ping", ("/mnt/model", "8080")),
    ],
)
def test_servers(planned: Plan, name: str, health: str, words: tuple[str, ...]) -> None:
    container = server(planned(endpoints=(endpoint(server=name),)))
    text = " ".join([*container.get("commands", ()), *container["args"]])
    assert all(word in text for word in words)
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": health, "port": 8080}
    slowest = container["startupProbe"]
    assert slowest["periodSeconds"] * slowest["failureThreshold"] == 600


def test_a_stated_start_is_what_cloud_run_waits_for(planned: Plan) -> None:
    probe = server(planned(endpoints=(endpoint(startup_seconds=482),)))["startupProbe"]
    assert 482 <= probe["periodSeconds"] * probe["failureThreshold"] <= 486


def test_a_server_of_ones_own(planned: Plan) -> None:
    own = endpoint(server="custom", image="us-docker.pkg.dev/x/y/z:1", port=9000, health_path="/up")
    container = server(planned(endpoints=(own,)))
    assert container["ports"] == {"containerPort": 9000}
    assert container["startupProbe"]["httpGet"] == {"path": "/up", "port": 9000}
    assert {"name": "MODEL_PATH", "value": "/mnt/model"} in container["envs"]
    assert "args" not in container
