"""Endpoints that GCP refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlplatform import AutoscalingSpec, CpuSpec, EndpointSpec, MonitoringSpec, SloSpec, VariantSpec
from mlplatform.backends.gcp.serving.limits import LIMITS

from ..conftest import problems, refused, target


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


@pytest.mark.parametrize(
    ("path", "changes", "words"),
    [
        ("autoscaling.metric", {"autoscaling": AutoscalingSpec(metric="requests")}, ("concurrency",)),
        ("autoscaling.metric", {"autoscaling": AutoscalingSpec(metric="gpu", target=50)}, ("concurrency",)),
        ("autoscaling.target", {"max_concurrency": 8}, ("8 of max_concurrency 8",)),
        ("autoscaling.target", {"max_concurrency": 1000}, ("10",)),
        ("autoscaling.cooldown_seconds", {"autoscaling": AutoscalingSpec(cooldown_seconds=60)}, ("15 minutes",)),
        ("accelerator", {"accelerator": "T4:2"}, ("T4", "use")),
        ("replicas", {"accelerator": "L4:2", "replicas": (0, 4)}, ("L4", "replica")),
        ("cpu", {"cpu": CpuSpec(vcpus=16)}, ("8 vCPUs",)),
        ("cpu", {"cpu": CpuSpec(memory_gib=33)}, ("32 GiB",)),
        ("server", {"server": "vllm"}, ("accelerator",)),
        ("accelerator", {"server": "torchserve", "accelerator": "RTX-PRO-6000"}, ("12.0", "5.0 to 9.0", "image")),
        ("startup_seconds", {"startup_seconds": 601}, ("600 seconds", "1800 with an accelerator")),
        ("startup_seconds", {"startup_seconds": 1801, "accelerator": "L4"}, ("1800",)),
        ("env", {"env": {"PORT": "1"}}, ("PORT", "other names")),
        ("env", {"secrets": {"K_SERVICE": "x"}}, ("K_SERVICE",)),
        (
            "env",
            {"env": {"MODEL_PATH": "/x"}, "server": "custom", "image": "docker.io/acme/x:1", "model": None},
            ("MODEL_PATH",),
        ),
        ("slo.availability_percent", {"slo": SloSpec(availability_percent=99.995)}, ("99.99",)),
        ("slo.latency_percent", {"slo": SloSpec(latency_ms=9, latency_percent=99.999)}, ("99.99",)),
        ("port", {"port": 15901}, ("omit port",)),
    ],
)
def test_refusals(path: str, changes: dict[str, object], words: tuple[str, ...]) -> None:
    refused(f"endpoints[0].{path}", *words, endpoints=(endpoint(**changes),))


def test_a_gpu_that_the_region_has_not_is_refused() -> None:
    accelerators = endpoint(accelerator="L4")
    assert "endpoints[0].accelerator" in problems(targets=(target(region="europe-north1"),), endpoints=(accelerators,))
    assert "endpoints[0].accelerator" not in problems(endpoints=(accelerators,))


def test_a_variant_without_a_model_beside_one_with_a_model_is_refused() -> None:
    variants = (
        VariantSpec(name="a", model="fraud/7", traffic_percent=50),
        VariantSpec(name="b", traffic_percent=50),
    )
    one = EndpointSpec(name="fraud", variants=variants)
    refused("endpoints[0].variants[1].model", "'b'", "set its model", endpoints=(one,))


def test_two_services_of_one_name_are_refused() -> None:
    variants = tuple(VariantSpec(name=name, model=f"f/{name}", traffic_percent=50) for name in ("a", "b"))
    both = (EndpointSpec(name="fraud", variants=variants), endpoint(name="fraud-a"))
    refused("endpoints[1].name", "acme-ml-dev-fraud-a", "rename", endpoints=both)
    grafana = MonitoringSpec(grafana=True)
    refused("endpoints[0].name", "monitoring.grafana", endpoints=(endpoint(name="grafana"),), monitoring=grafana)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"accelerator": ("A100-80GB", "L4")},
        {"replicas": (0, 500)},
        {"timeout_seconds": 3600},
        {"cpu": CpuSpec(vcpus=8, memory_gib=32)},
        {"model": None, "server": "vllm"},
        {"autoscaling": AutoscalingSpec(metric="cpu", target=95)},
    ],
)
def test_what_cloud_run_can_is_accepted(changes: dict[str, object]) -> None:
    assert problems(endpoints=(endpoint(**changes),)) == {}


def test_every_limit_says_why_and_what_instead() -> None:
    for limit in LIMITS:
        assert limit.reason
        assert limit.alternative
    assert len({(limit.field, limit.reason) for limit in LIMITS}) == len(LIMITS)


def test_limits_import_no_sdk() -> None:
    ask = "import sys, mlplatform.backends.gcp.serving.limits; sys.exit('pulumi_gcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0
