"""Alert rules of an endpoint."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import EndpointSpec, VariantSpec

from ....planned import Planned
from ..served import endpoint
from ..watched import check_log_alert, check_rule, condition

Plan = Callable[..., Planned]


@pytest.mark.parametrize(
    ("name", "words", "duration", "severity"),
    [
        ("endpoint-fraud-alert-error-rate", ('service_name=~"acme-ml-dev-fraud"', "> 3", "5..|429"), 0, "CRITICAL"),
        ("endpoint-fraud-alert-latency-p99", ("histogram_quantile(0.99", "> 700"), 0, "WARNING"),
        ("endpoint-fraud-alert-saturation", ("container_cpu", "container_memory", "> 77"), 15, "WARNING"),
        ("endpoint-fraud-alert-replicas-at-bound", ("container_instance_count", ">= 4"), 15, "WARNING"),
    ],
)
def test_rules(watched: Planned, name: str, words: tuple[str, ...], duration: int, severity: str) -> None:
    check_rule(watched, name, words, duration, severity)


def test_a_rollout_that_is_rolled_back_raises_an_alert(watched: Planned) -> None:
    words = ('workflow_id="acme-ml-dev-rollout"', "severity>=ERROR")
    check_log_alert(watched, "models-rollback-alert", words)


def test_a_gpu_endpoint_is_watched_for_its_gpu(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="vllm", accelerator="L4"),))
    assert "container_gpu_utilizations" in condition(plan, "endpoint-fraud-alert-saturation")["query"]
    assert "GPU" in str(plan.one("endpoint-fraud-dashboard").inputs["dashboardJson"])


def test_a_router_is_watched_for_callers_and_its_models_for_use(planned: Plan) -> None:
    halves = tuple(VariantSpec(name=name, model=f"fraud/{name}", traffic_percent=50) for name in ("a", "b"))
    plan = planned(endpoints=(EndpointSpec(name="fraud", variants=halves),))
    assert 'service_name=~"acme-ml-dev-fraud"' in condition(plan, "endpoint-fraud-alert-error-rate")["query"]
    models = 'service_name=~"acme-ml-dev-fraud-a|acme-ml-dev-fraud-b"'
    assert models in condition(plan, "endpoint-fraud-alert-saturation")["query"]
