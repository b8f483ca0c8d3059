"""What Azure refuses in endpoints, with reason and nearest alternative."""

from __future__ import annotations

import pytest

from mlplatform import AutoscalingSpec, BlueGreenRollout, EndpointSpec, ShadowSpec, SloSpec, VariantSpec
from mlplatform.backends.azure.backend import BACKEND
from mlplatform.backends.azure.serving.limits import LIMITS

from ..conftest import spec

SLEEPS: dict[str, object] = {"replicas": (0, 2)}
CPU: dict[str, object] = {"cpu": {"vcpus": 2, "memory_gib": 4}}


def endpoint_problems(**changes: object) -> dict[str, str]:
    endpoint = EndpointSpec.model_validate({"name": "scorer", "model": "fraud/7", **changes})
    problems = BACKEND.problems(spec(endpoints=(endpoint,)).on("azure"))
    return {problem.path: f"{problem.got} {problem.expected} {problem.fix}" for problem in problems}


@pytest.mark.parametrize(
    ("field", "words", "changes"),
    [
        ("timeout_seconds", "180", {"timeout_seconds": 181}),
        ("timeout_seconds", "240", {"timeout_seconds": 241, **SLEEPS, **CPU}),
        ("server", "AZUREML_MODEL_DIR", {"server": "vllm"}),
        ("server", "Container Apps", {"server": "torchserve"}),
        ("server", "for vLLM set accelerator", {"server": "vllm", **SLEEPS, **CPU}),
        ("env", "other names", {"env": {"AZUREML_MODEL_DIR": "/x"}}),
        ("env", "other names", {"env": {"MODEL_NAME": "x"}, "server": "tensorflow"}),
        ("env", "other names", {"env": {"MODEL_DIR": "/x"}, **SLEEPS, **CPU}),
        ("port", "custom", {"port": 9000}),
        ("health_path", "custom", {"health_path": "/x"}),
        ("max_concurrency", "at least 1", {"max_concurrency": 4, **SLEEPS, **CPU}),
        (
            "autoscaling.metric",
            "concurrency",
            {"autoscaling": AutoscalingSpec(metric="cpu", target=60), **SLEEPS, **CPU},
        ),
        ("autoscaling.metric", "GPU", {"autoscaling": AutoscalingSpec(metric="gpu", target=60)}),
        ("replicas", "50", {"replicas": (1, 51)}),
        ("shadow", "at least 1", {"shadow": ShadowSpec(model="fraud/8", sample_percent=10), **SLEEPS, **CPU}),
        ("shadow.sample_percent", "50", {"shadow": ShadowSpec(model="fraud/8")}),
        ("capture_percent", "at least 1", {"capture_percent": 1, **SLEEPS, **CPU}),
        (
            "redact",
            "`on` and `pool`",
            {"capture_percent": 1, "redact": {"kinds": ["email"], "image": "acme/s:1"}, **CPU},
        ),
        ("rollout", "all-at-once", {"rollout": BlueGreenRollout(), **SLEEPS, **CPU}),
        ("exposure", "private", {"exposure": "public", **SLEEPS, **CPU}),
        ("slo", "at least 1", {"slo": SloSpec(), **SLEEPS, **CPU}),
        ("accelerator", "T4", {"accelerator": "L4:1"}),
        ("cpu", "ask for less", {"cpu": {"vcpus": 64, "memory_gib": 512}}),
        ("cpu", "at least 1", {"cpu": {"vcpus": 8, "memory_gib": 8}, **SLEEPS}),
        ("image", "serving", {"server": "custom", "image": "registry.acme.example/scorer:1"}),
        ("secrets.TOKEN", "rename", {"secrets": {"TOKEN": "hub-"}, **SLEEPS, **CPU}),
    ],
)
def test_what_azure_cannot_do_is_refused_with_an_alternative(
    field: str, words: str, changes: dict[str, object]
) -> None:
    problems = endpoint_problems(**changes)
    assert f"endpoints[0].{field}" in problems, problems
    assert words in problems[f"endpoints[0].{field}"]


def test_variants_are_bounded_and_need_models() -> None:
    halves = tuple(VariantSpec(name=name, model="fraud/7", traffic_percent=50) for name in ("a", "b"))
    assert "endpoints[0].variants" in endpoint_problems(model=None, variants=halves, **SLEEPS, **CPU)
    ten = tuple(VariantSpec(name=f"v{index}", model="fraud/7", traffic_percent=10) for index in range(10))
    assert not endpoint_problems(model=None, variants=ten)
    shadow = ShadowSpec(model="fraud/8", sample_percent=10)
    assert "endpoints[0].variants" in endpoint_problems(model=None, variants=ten, shadow=shadow)
    bare = (halves[0], VariantSpec(name="b", traffic_percent=50))
    assert "endpoints[0].variants[1].model" in endpoint_problems(model=None, variants=bare)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"server": "mlflow", "timeout_seconds": 180},
        {"server": "vllm", "image": "ghcr.io/acme/llm:1", "accelerator": "A100-80GB:1"},
        {"server": "vllm", "accelerator": "T4:1", "replicas": (0, 2), "max_concurrency": 4},
        {"server": "vllm", "model": None},
        {"server": "custom", "image": "acme.azurecr.io/serving/scorer:1", "model": None, "port": 9000},
        {"shadow": ShadowSpec(model="fraud/8", sample_percent=50)},
        {"exposure": "public"},
        {**SLEEPS, **CPU},
    ],
)
def test_what_azure_can_do_passes(changes: dict[str, object]) -> None:
    assert endpoint_problems(**changes) == {}


def test_every_limit_says_why_and_what_instead() -> None:
    for limit in LIMITS:
        assert limit.reason
        assert limit.alternative
        assert limit.support == "partial"
