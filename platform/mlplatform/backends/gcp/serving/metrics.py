"""PromQL of Cloud Run's metrics, for the rules and the dashboard of an endpoint. Imports no SDK.

https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

from __future__ import annotations

FAILED = 'response_code=~"5..|429"'
"""Requests that count as failed: the service's faults, and those it had no instance for."""


def match_services(*services: str) -> str:
    """Label matchers of Cloud Run's metrics for services."""
    return f'monitored_resource="cloud_run_revision",service_name=~"{"|".join(services)}"'


def error_rate(matchers: str) -> str:
    """Per cent of requests that failed over five minutes."""
    count = "run_googleapis_com:request_count"
    failed, total = f"increase({count}{{{matchers},{FAILED}}}[5m])", f"increase({count}{{{matchers}}}[5m])"
    return f"100 * sum({failed}) / sum({total})"


def latency_query(matchers: str, quantile: float) -> str:
    """A percentile of the response time over five minutes, milliseconds."""
    buckets = f"increase(run_googleapis_com:request_latencies_bucket{{{matchers}}}[5m])"
    return f"histogram_quantile({quantile:g}, sum by (le) ({buckets}))"


def utilization_query(resource: str, matchers: str) -> str:
    """Use of CPU, memory or GPU by the busiest instances over five minutes, per cent."""
    buckets = f"increase(run_googleapis_com:container_{resource}_utilizations_bucket{{{matchers}}}[5m])"
    return f"100 * histogram_quantile(0.95, sum by (le, service_name) ({buckets}))"
