"""What a router counts is collected on each cloud, and alerts and dashboards of the endpoint read it there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import AutoscalingSpec, MonitoringSpec
from mlplatform.components.endpoint_metrics import endpoint_charts, endpoint_rules
from mlplatform.plan.model import Plan
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.monitoring import AlertsSpec
from mlplatform.spec.variants import ShadowSpec

from ..conftest import CLOUDS
from .test_endpoints import body, endpoint, items, platform, pod, refusals

SLO = SloSpec(latency_ms=333)
UNWATCHED = MonitoringSpec(prometheus=False)


VLLM = {
    *("vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc"),
    *("vllm:num_preemptions_total", "vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total"),
    *("vllm:prompt_tokens_total", "vllm:generation_tokens_total", "vllm:request_success_total"),
    *("vllm:time_to_first_token_seconds_bucket", "vllm:inter_token_latency_seconds_bucket"),
    *("vllm:request_queue_time_seconds_sum", "vllm:request_queue_time_seconds_count"),
}
"""Metrics of vLLM 0.28.0 (`vllm/v1/metrics/loggers.py`, read 2026-11), as Prometheus' client writes counters and
histograms."""


def watched(**changes: object) -> EndpointSpec:
    """An endpoint with objectives, that scales."""
    scales = {"replicas": (1, 2), "autoscaling": AutoscalingSpec(metric="cpu", target=60)}
    return endpoint(**{"slo": SLO, **scales, **changes})


def envoy(cloud: str, **changes: object) -> dict[str, Any]:
    """Envoy's whole configuration."""
    found = items(platform(cloud, watched(), **changes), cloud)
    return json.loads(pod(found, "endpoint-router-llm")["containers"][0]["args"][1])


def test_the_administration_is_reached_from_inside_the_pod_alone() -> None:
    """It can stop the router: one path of it is led out, and nothing listens for the rest."""
    config = envoy("aws")
    assert config["admin"]["address"]["pipe"]["path"].startswith("@")
    front, metrics = config["static_resources"]["listeners"]
    manager = metrics["filter_chains"][0]["filters"][0]["typed_config"]
    (route,) = manager["route_config"]["virtual_hosts"][0]["routes"]
    assert route["match"] == {"path": "/stats/prometheus"}
    assert front["address"]["socket_address"]["port_value"] != metrics["address"]["socket_address"]["port_value"]
    assert "_admin" not in json.dumps(front)


def test_every_series_that_is_asked_for_is_counted() -> None:
    """Envoy leaves out what its list does not name: an alert on such a series would be silent for ever."""
    patterns = envoy("aws")["stats_config"]["stats_matcher"]["inclusion_list"]["patterns"]
    counted: list[re.Pattern[str]] = [re.compile(pattern["safe_regex"]["regex"]) for pattern in patterns]
    spec = watched(shadow=ShadowSpec(model="llm/8"))
    texts = [each.query for each in (*endpoint_rules(spec, AlertsSpec()), *endpoint_charts(spec))]
    asked = {name for text in texts for name in re.findall(r"envoy_[a-z_]+(?=\{)", text)}
    assert len(asked) == 8
    for name in asked:
        plain = name.removesuffix("_bucket").replace("rq_xx", "rq_5xx")
        plain = plain.replace("envoy_cluster_", "cluster.main.").replace(
            "envoy_http_jwt_authn_", "http.front.jwt_authn."
        )
        assert any(pattern.fullmatch(plain) for pattern in counted), name


def test_response_times_are_counted_up_to_exactly_what_alerts_compare_with() -> None:
    config = envoy("aws", monitoring=MonitoringSpec(alerts=AlertsSpec(latency_p99_ms=1234)))
    (setting,) = config["stats_config"]["histogram_bucket_settings"]
    assert {333, 1234} <= set(setting["buckets"])
    assert setting["buckets"] == sorted(set(setting["buckets"]))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_collector_finds_the_routers_and_may_reach_them(cloud: str) -> None:
    found = items(platform(cloud, watched()), cloud)
    template = body(found, "endpoint-router-llm")["spec"]["template"]
    (port,) = template["spec"]["containers"][0]["ports"]
    open_to_all = [rule for rule in body(found, "endpoint-network-llm")["spec"]["ingress"] if "from" not in rule]
    assert open_to_all == [{"ports": [{"port": port["containerPort"], "protocol": "TCP"}]}]
    if cloud == "aws":
        assert template["metadata"]["annotations"] == {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": str(port["containerPort"]),
            "prometheus.io/path": "/stats/prometheus",
        }
        return
    monitor = body(found, "endpoint-metrics")
    assert monitor["metadata"]["namespace"] == "endpoints"
    assert monitor["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    (place,) = monitor["spec"]["podMetricsEndpoints" if cloud == "azure" else "endpoints"]
    assert (place["port"], place["path"]) == (port["name"], "/stats/prometheus")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_alerts_of_an_endpoint_are_in_the_clouds_stack(cloud: str, layered: Callable[[str], Plan]) -> None:
    said = [json.dumps(step.inputs) for step in layered(cloud).resources() if "envoy_cluster_" in str(step.inputs)]
    text = "\n".join(said)
    for metric in ("membership_healthy", "membership_total", "upstream_rq_time_bucket"):
        assert f"envoy_cluster_{metric}" in text
    for window in ("60m", "5m", "360m", "30m"):
        assert f"[{window}]" in text
    boards = [each for each in said if "envoy_cluster_upstream_rq_active" in each]
    assert len(boards) == (0 if cloud == "aws" else 1)


def test_google_has_the_series_of_every_cluster_of_the_project() -> None:
    rules = endpoint_rules(watched(), AlertsSpec(), 'cluster="a"')
    for rule in rules:
        selectors = rule.query.count("mlplatform_endpoint=") + rule.query.count("model_name=")
        assert rule.query.count('cluster="a"') == selectors, rule.query
    assert not any("{," in rule.query for rule in endpoint_rules(watched(), AlertsSpec()))


def test_the_shadow_breaks_no_objective() -> None:
    spec = watched(shadow=ShadowSpec(model="llm/8"))
    assert not any("shadow" in rule.query for rule in endpoint_rules(spec, AlertsSpec()))
    assert any("main|shadow" in chart.query for chart in endpoint_charts(spec))


def test_a_fixed_number_of_replicas_is_not_always_at_its_bound() -> None:
    roles = {rule.role for rule in endpoint_rules(watched(replicas=(2, 2)), AlertsSpec())}
    assert "replicas-at-bound" not in roles


def test_an_endpoint_that_waits_raises_no_alert() -> None:
    assert endpoint_rules(watched(model=None), AlertsSpec()) == ()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_prometheus_an_objective_is_refused_and_nothing_is_opened(cloud: str) -> None:
    problem = refusals(platform(cloud, watched(), monitoring=UNWATCHED), cloud)["endpoints[0].slo"]
    assert "monitoring.prometheus" in problem.fix
    assert not refusals(platform(cloud, watched()), cloud)
    plain = items(platform(cloud, watched(slo=None), monitoring=UNWATCHED), cloud)
    assert "endpoint-metrics" not in plain
    config = json.loads(pod(plain, "endpoint-router-llm")["containers"][0]["args"][1])
    assert set(config) == {"static_resources"}
    assert [each["name"] for each in config["static_resources"]["listeners"]] == ["front"]
    assert all("from" in rule for rule in body(plain, "endpoint-network-llm")["spec"]["ingress"])


def test_replicas_that_take_no_more_requests_raise_an_alert_where_their_number_is_known() -> None:
    rules = {rule.role: rule.query for rule in endpoint_rules(watched(max_concurrency=40), AlertsSpec())}
    assert rules["replicas-full"].endswith(">= 40")
    for other in ({"server": "triton"}, {"image": "docker.io/acme/vllm:1"}):
        roles = {rule.role for rule in endpoint_rules(watched(**other), AlertsSpec())}
        assert "replicas-full" not in roles, "nothing told this server its bound"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_language_models_server_is_read_at_one_path_and_never_at_the_port_of_prompts(cloud: str) -> None:
    """vLLM asks nobody who they are, at the same port: what reads its metrics must not reach the rest."""
    spec = watched(shadow=ShadowSpec(model="llm/8"))
    found = items(platform(cloud, spec), cloud)
    made = pod(found, "endpoint-model-llm--main")
    (side,) = (each for each in made["containers"] if each["name"] == "metrics")
    config = json.loads(side["args"][1])["static_resources"]
    (route,) = config["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["route_config"][
        "virtual_hosts"
    ][0]["routes"]
    assert route["match"] == {"path": "/metrics"}
    outside = config["listeners"][0]["address"]["socket_address"]["port_value"]
    network = body(found, "endpoint-network-llm--models")["spec"]["ingress"]
    everybody = {port["port"] for rule in network if "from" not in rule for port in rule["ports"]}
    assert everybody == {outside}
    assert spec.port not in everybody
    shadow = pod(found, "endpoint-model-llm--shadow")
    assert [each["name"] for each in shadow["containers"]] == ["server"], "nobody waits for its answers"
    if cloud != "aws":
        monitor = body(found, "server-metrics")["spec"]
        assert monitor["selector"]["matchLabels"] == {"mlplatform.dev/role": "model"}
    unwatched = items(platform(cloud, watched(slo=None), monitoring=UNWATCHED), cloud)
    assert [each["name"] for each in pod(unwatched, "endpoint-model-llm--main")["containers"]] == ["server"]


def test_every_series_of_vllm_that_is_asked_for_is_one_that_it_has() -> None:
    texts = [each.query for each in (*endpoint_rules(watched(), AlertsSpec()), *endpoint_charts(watched()))]
    asked = {name for text in texts for name in re.findall(r"vllm:[a-z_]+", text)}
    assert asked == VLLM
    assert all('model_name="llm"' in text for text in texts if "vllm:" in text)
    other = watched(server="triton", accelerator=None)
    assert not any("vllm:" in each.query for each in endpoint_charts(other))


FIRST_BUCKETS = {"time_to_first_token": 0.001, "inter_token_latency": 0.01, "request_queue_time": 0.3}
"""Where the first bucket of vLLM's times ends, in seconds; same source."""


def test_no_quantile_is_drawn_of_a_time_whose_first_bucket_is_as_wide_as_the_answer() -> None:
    """PromQL interpolates: of requests that did not wait at all, half would have waited 150 ms."""
    texts = [each.query for each in endpoint_charts(watched())]
    drawn = {name for text in texts for name in re.findall(r"vllm:([a-z_]+)_seconds_bucket", text)}
    assert drawn == {name for name, end in FIRST_BUCKETS.items() if end <= 0.01}
    queue = [text for text in texts if "request_queue_time" in text]
    assert len(queue) == 1
    assert all(f"request_queue_time_seconds_{part}{{" in queue[0] for part in ("sum", "count"))
