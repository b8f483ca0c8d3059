"""Alerts and charts of a language model's server on the cluster: latency of tokens, queue, cache; in PromQL.

What vLLM counts: `vllm/v1/metrics/loggers.py` of vLLM 0.28.0 (read 2026-11), where Prometheus' client adds `_total`,
`_bucket`, `_sum` and `_count`. Its series have the name that the model is served by, which is the endpoint's. A
shadow's server is not read: it answers nobody. Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.endpoint_watch import EndpointChart, EndpointRule
from mlplatform.spec.endpoints import EndpointSpec

MODEL_LABEL = "model_name"
"""Label of every series of the server: the name that it serves the model by."""


def measures_tokens(endpoint: EndpointSpec) -> bool:
    """Whether the replicas of an endpoint are servers that count tokens."""
    return endpoint.on == "cluster" and endpoint.server == "vllm"


def token_rules(endpoint: EndpointSpec, matcher: str = "") -> Iterator[EndpointRule]:
    """The alerts on the server's own figures; none for other servers.

    Args:
        endpoint: the endpoint, with what is released.
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """
    if not measures_tokens(endpoint):
        return
    chosen = _chosen(endpoint, matcher)
    waiting, running = (f"sum(vllm:num_requests_{state}{{{chosen}}})" for state in ("waiting", "running"))
    yield EndpointRule(
        role="requests-wait",
        title=f"{endpoint.name}: more requests wait in its servers than they work on",
        query=f"{waiting} > {running}",
        severity="warning",
        minutes=10,
        advice="The first token comes late. Raise replicas, and max_nodes of the pool with them.",
    )
    yield EndpointRule(
        role="cache-full",
        title=f"{endpoint.name}: its servers take requests out and begin them again, since their cache is full",
        query=f"sum(rate(vllm:num_preemptions_total{{{chosen}}}[10m])) > 0 and "
        f"max(vllm:kv_cache_usage_perc{{{chosen}}}) > 0.9",
        severity="warning",
        minutes=10,
        advice="Work is done twice. Lower max_concurrency, raise replicas, or take a machine with more GPU memory.",
    )


def token_charts(endpoint: EndpointSpec, matcher: str = "") -> Iterator[EndpointChart]:
    """The charts of the server's own figures; none for other servers.

    Args:
        endpoint: the endpoint, with what is released.
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """
    if not measures_tokens(endpoint):
        return
    chosen = _chosen(endpoint, matcher)
    for title, metric in (
        ("Time to the first token p50, p95, p99, ms", "time_to_first_token"),
        ("Time between tokens p50, p95, p99, ms", "inter_token_latency"),
    ):
        yield EndpointChart(title=title, query=_quantiles(f"vllm:{metric}_seconds", chosen))
    # no quantiles: the first bucket ends at 0.3 s, so an empty queue would look like one of 150 ms
    waited, ended = (f"sum(rate(vllm:request_queue_time_seconds_{part}{{{chosen}}}[5m]))" for part in ("sum", "count"))
    yield EndpointChart(title="Mean time in the queue, ms", query=f"1000 * {waited} / {ended}")
    states = " or ".join(
        f'label_replace(sum(vllm:num_requests_{state}{{{chosen}}}), "state", "{state}", "", "")'
        for state in ("running", "waiting")
    )
    yield EndpointChart(title="Requests in its servers", query=states)
    yield EndpointChart(
        title="Fullest cache of its servers, %", query=f"100 * max(vllm:kv_cache_usage_perc{{{chosen}}})"
    )
    hits, asked = (f"sum(rate(vllm:prefix_cache_{what}_total{{{chosen}}}[5m]))" for what in ("hits", "queries"))
    yield EndpointChart(title="Tokens of prompts that the cache had, %", query=f"100 * {hits} / {asked}")
    tokens = " or ".join(
        f'label_replace(sum(rate(vllm:{kind}_tokens_total{{{chosen}}}[5m])), "tokens", "{kind}", "", "")'
        for kind in ("prompt", "generation")
    )
    yield EndpointChart(title="Tokens per second", query=tokens)
    ends = f"sum by (finished_reason) (rate(vllm:request_success_total{{{chosen}}}[5m]))"
    yield EndpointChart(title="Answers by their end per second", query=ends)


def _chosen(endpoint: EndpointSpec, matcher: str) -> str:
    return ",".join(part for part in (matcher, f'{MODEL_LABEL}="{endpoint.name}"') if part)


def _quantiles(metric: str, chosen: str) -> str:
    """Three quantiles of a time in seconds, milliseconds."""
    buckets = f"sum by (le) (rate({metric}_bucket{{{chosen}}}[5m]))"
    return " or ".join(
        f'label_replace(1000 * histogram_quantile({percent / 100:g}, {buckets}), "quantile", "p{percent}", "", "")'
        for percent in (50, 95, 99)
    )
