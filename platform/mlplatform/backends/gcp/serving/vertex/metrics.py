"""PromQL and filters of the metrics of Vertex AI's endpoints. Imports no SDK.

https://docs.cloud.google.com/monitoring/api/metrics_gcp_a_b#gcp-aiplatform
https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

from __future__ import annotations

FAILED = 'response_code=~"5.*|429"'
"""Requests that count as failed: the endpoint's faults, and those it had no replica for. Some metrics have the class of
the code (`5xx`), others the code."""

METRICS_LATE_MINUTES = 6
"""Minutes after which every metric of a minute is there."""

_PREFIX = "aiplatform_googleapis_com:prediction_online"
_WAYS = ("", "private_")
"""Metrics of public endpoints, and of those within a network: an endpoint has one of them."""


def match_endpoint(id_: str, *more: str) -> str:
    """Label matchers of the metrics of one endpoint."""
    return ",".join(('monitored_resource="aiplatform.googleapis.com/Endpoint"', f'endpoint_id="{id_}"', *more))


def responses(matchers: str, minutes: str = "5") -> str:
    """Requests that were answered."""
    return _either(f"sum(increase({_PREFIX}_{{way}}response_count{{{{{matchers}}}}}[{minutes}m]))")


def error_rate(matchers: str) -> str:
    """Per cent of requests that failed over five minutes."""
    return f"100 * {responses(f'{matchers},{FAILED}')} / {responses(matchers)}"


def latency_query(matchers: str, quantile: float) -> str:
    """A percentile of the response time over five minutes, milliseconds."""
    # only the metric of public endpoints says of which part of the time it is
    total = f'sum by (le) (increase({_PREFIX}_prediction_latencies_bucket{{{matchers},latency_type="total"}}[5m]))'
    private = f"sum by (le) (increase({_PREFIX}_private_prediction_latencies_bucket{{{matchers}}}[5m]))"
    return f"histogram_quantile({quantile:g}, {total} or {private})"


def duty_cycle(matchers: str) -> str:
    """Use of the accelerators of each deployed model, per cent."""
    return f"100 * avg by (deployed_model_id) ({_PREFIX}_accelerator_duty_cycle{{{matchers}}})"


def cpu_use(matchers: str) -> str:
    """Use of the CPUs of each deployed model, per cent."""
    return f"100 * avg by (deployed_model_id) ({_PREFIX}_cpu_utilization{{{matchers}}})"


def replicas(matchers: str) -> str:
    """Replicas of each deployed model."""
    return f"max by (deployed_model_id) ({_PREFIX}_replicas{{{matchers}}})"


def requests_by_model(matchers: str) -> tuple[str, ...]:
    """Requests per second of each deployed model, by code."""
    return tuple(
        f"sum by (deployed_model_id, response_code) (rate({_PREFIX}_{way}response_count{{{matchers}}}[5m]))"
        for way in _WAYS
    )


def filter_of(metric: str, id_: str) -> str:
    """Filter of a metric of one endpoint, for objectives."""
    return (
        f'metric.type="aiplatform.googleapis.com/prediction/online/{metric}" '
        f'resource.type="aiplatform.googleapis.com/Endpoint" resource.labels.endpoint_id="{id_}"'
    )


def _either(query: str) -> str:
    """The query of whichever metric the endpoint has."""
    return "(" + " or ".join(query.format(way=way) for way in _WAYS) + ")"
