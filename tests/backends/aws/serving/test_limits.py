"""What SageMaker cannot do is refused, with an alternative."""

from __future__ import annotations

import pytest

from mlplatform import (
    AutoscalingSpec,
    BlueGreenRollout,
    CanaryRollout,
    CaptureRedactionSpec,
    EndpointSpec,
    NetworkSpec,
    ShadowSpec,
    VariantSpec,
    discovery,
)

from ..conftest import spec


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def problems(refused: EndpointSpec, **changes: object) -> list[tuple[str, str]]:
    narrowed = spec(endpoints=(refused,), **changes).on("aws")
    return [(p.path, f"{p.expected} {p.fix}") for p in discovery.backend("aws").problems(narrowed)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"rollout": CanaryRollout(steps=(10, 50))}, "endpoints[0].rollout.steps"),
        ({"rollout": CanaryRollout(steps=(60,))}, "endpoints[0].rollout.steps"),
        ({"rollout": CanaryRollout(steps=(3,)), "replicas": (0, 9)}, "endpoints[0].rollout.steps"),
        (
            {"rollout": CanaryRollout(steps=tuple(range(10, 100, 10)), bake_minutes=45)},
            "endpoints[0].rollout.bake_minutes",
        ),
        (
            {"rollout": CanaryRollout(steps=(5,), bake_minutes=30), "replicas": (0, 9)},
            "endpoints[0].rollout.bake_minutes",
        ),
        ({"server": "torchserve", "accelerator": ("RTX-PRO-6000:1",)}, "endpoints[0].accelerator"),
        ({"startup_seconds": 3001}, "endpoints[0].startup_seconds"),
        (
            {"rollout": BlueGreenRollout(bake_minutes=15), "startup_seconds": 1800},
            "endpoints[0].rollout.bake_minutes",
        ),
        ({"rollout": BlueGreenRollout(bake_minutes=60)}, "endpoints[0].rollout.bake_minutes"),
        ({"rollout": CanaryRollout(steps=(25, 50, 75), bake_minutes=15)}, "endpoints[0].rollout.bake_minutes"),
        ({"rollout": CanaryRollout(least_requests=100)}, "endpoints[0].rollout.least_requests"),
        ({"accelerator": ("Inferentia2:1",)}, "endpoints[0].image"),
        ({"accelerator": ("RTX-PRO-4500:1",)}, "endpoints[0].accelerator"),
        (
            {
                "model": None,
                "variants": (
                    VariantSpec(name="a", model="a/1", traffic_percent=90),
                    VariantSpec(name="b", traffic_percent=10),
                ),
            },
            "endpoints[0].variants[1].model",
        ),
        ({"timeout_seconds": 61}, "endpoints[0].timeout_seconds"),
        ({"timeout_seconds": 30}, "endpoints[0].timeout_seconds"),
        ({"port": 9000}, "endpoints[0].port"),
        ({"env": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "x"}}, "endpoints[0].env"),
        ({"server": "vllm", "accelerator": "A10G:1", "env": {"HF_MODEL_ID": "x"}}, "endpoints[0].env"),
        ({"server": "custom", "image": "a/b", "health_path": "/up"}, "endpoints[0].health_path"),
        ({"max_concurrency": 4}, "endpoints[0].max_concurrency"),
        ({"replicas": (0, 2), "shadow": ShadowSpec(model="fraud/8")}, "endpoints[0].shadow"),
        ({"replicas": (0, 2), "capture_percent": 5}, "endpoints[0].capture_percent"),
        (
            {"capture_percent": 5, "redact": CaptureRedactionSpec(kinds=("email",), image="acme/steps:1")},
            "endpoints[0].redact",
        ),
        ({"autoscaling": AutoscalingSpec(metric="gpu", target=50)}, "endpoints[0].autoscaling.metric"),
        ({"server": "mlflow"}, "endpoints[0].server"),
        ({"server": "vllm"}, "endpoints[0].server"),
        ({"accelerator": ("MI300X:8",)}, "endpoints[0].accelerator"),
    ],
)
def test_what_sagemaker_cannot_do_is_refused_with_an_alternative(changes: dict[str, object], path: str) -> None:
    refusals = problems(endpoint(**changes))
    assert path in [refused_path for refused_path, _ in refusals], refusals
    assert all(text.strip() for _, text in refusals)


def test_a_private_endpoint_needs_private_endpoints() -> None:
    paths = [path for path, _ in problems(endpoint(), network=NetworkSpec(private_endpoints=False))]
    assert "endpoints[0].exposure" in paths
    assert problems(endpoint(exposure="public"), network=NetworkSpec(private_endpoints=False)) == []
