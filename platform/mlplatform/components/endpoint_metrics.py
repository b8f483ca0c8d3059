"""Alerts and charts of an endpoint on the cluster, in the PromQL of its router's metrics; alike on every cloud.

What Envoy counts: https://www.envoyproxy.io/docs/envoy/v1.39.1/configuration/upstream/cluster_manager/cluster_stats.
A time-out and a request that finds no replica count as answers with 504 and 503. Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.cluster_rollouts import answering_upstreams
from mlplatform.components.endpoint_watch import EndpointChart, EndpointRule
from mlplatform.components.token_metrics import token_charts, token_rules
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.monitoring import AlertsSpec
from mlplatform.spec.slo import BurnRate, burn_rates

ENDPOINT_TAG = "mlplatform_endpoint"
"""Label of every series of a router: its endpoint."""

_MOST_BAD_PERCENT = 99.9
"""An alert is for a share above its threshold, which all requests together must pass."""

_TOLD_BEFORE = "6h"
"""Time in which routers must have told something for their silence to count: a new endpoint has none yet."""


def watched_latencies(endpoint: EndpointSpec, alerts: AlertsSpec) -> tuple[int, ...]:
    """Response times that an alert compares with, milliseconds. The router counts requests up to exactly these: between
    two counts an estimate would decide.

    Args:
        endpoint: the endpoint.
        alerts: the platform's thresholds.
    """
    objective = (endpoint.slo.latency_ms,) if endpoint.slo and endpoint.slo.latency_ms else ()
    return tuple(sorted({alerts.latency_p99_ms, *objective}))


def endpoint_rules(endpoint: EndpointSpec, alerts: AlertsSpec, matcher: str = "") -> tuple[EndpointRule, ...]:
    """The alerts of an endpoint, with those of its objectives; none while it waits for its first model.

    Args:
        endpoint: the endpoint, with what is released.
        alerts: the platform's thresholds.
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """
    if endpoint.awaits_model:
        return ()
    series = _Series(endpoint, matcher)
    return (
        *_standard(series, endpoint, alerts),
        *(_objectives(series, endpoint, endpoint.slo) if endpoint.slo else ()),
        *token_rules(endpoint, matcher),
    )


def bounds_requests(endpoint: EndpointSpec) -> bool:
    """Whether its server was told how many requests it may take at a time: vLLM's public image alone."""
    return endpoint.server == "vllm" and not endpoint.image and not any(each.image for each in endpoint.all_variants())


def endpoint_charts(endpoint: EndpointSpec, matcher: str = "") -> tuple[EndpointChart, ...]:
    """The charts of an endpoint, its shadow included.

    Args:
        endpoint: the endpoint, with what is released.
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """
    series = _Series(endpoint, matcher)
    requests = f"rate(envoy_cluster_upstream_rq_xx{{{series.every}}}[5m])"
    replicas = f"envoy_cluster_membership_healthy{{{series.every_replica}}}"
    active = f"envoy_cluster_upstream_rq_active{{{series.every}}}"
    refused = f"rate(envoy_http_jwt_authn_denied{{{series.router}}}[5m])"
    quantiles = (
        f'label_replace({series.latency(percent / 100, "5m")}, "quantile", "p{percent}", "", "")'
        for percent in (50, 95, 99)
    )
    return (
        EndpointChart(
            title="Requests per second",
            query=f"sum by (envoy_cluster_name, envoy_response_code_class) ({requests})",
        ),
        EndpointChart(title="Failed requests, %", query=series.failed_percent("5m")),
        EndpointChart(title="Response time p50, p95, p99, ms", query=" or ".join(quantiles)),
        EndpointChart(title="Replicas that answer", query=f"max by (envoy_cluster_name) ({replicas})"),
        EndpointChart(title="Requests under way", query=f"sum by (envoy_cluster_name) ({active})"),
        EndpointChart(title="Callers refused per second", query=f"sum({refused})"),
        *token_charts(endpoint, matcher),
    )


def failed_percent(series: str, window: str) -> str:
    """PromQL of the per cent of requests that failed, of the series that a selector names."""
    count = "envoy_cluster_upstream_rq_xx"
    failed = f'sum(rate({count}{{{series},envoy_response_code_class="5"}}[{window}]))'
    return f"100 * {failed} / sum(rate({count}{{{series}}}[{window}]))"


def response_time(series: str, quantile: float, window: str) -> str:
    """PromQL of a quantile of the response time, milliseconds."""
    buckets = f"rate(envoy_cluster_upstream_rq_time_bucket{{{series}}}[{window}])"
    return f"histogram_quantile({quantile:g}, sum by (le) ({buckets}))"


class _Series:
    """The series of one endpoint."""

    def __init__(self, endpoint: EndpointSpec, matcher: str) -> None:
        self.router = ",".join(part for part in (matcher, f'{ENDPOINT_TAG}="{endpoint.name}"') if part)
        names = [variant.name for variant in endpoint.all_variants()]
        answering = tuple(answering_upstreams(endpoint))
        shadow = [endpoint.shadow.name] if endpoint.shadow else []
        self.live = f'{self.router},envoy_cluster_name=~"{"|".join(answering)}"'
        self.replicas = f'{self.router},envoy_cluster_name=~"{"|".join(names)}"'
        self.every = f'{self.router},envoy_cluster_name=~"{"|".join([*answering, *shadow])}"'
        self.every_replica = f'{self.router},envoy_cluster_name=~"{"|".join([*names, *shadow])}"'

    def failed_percent(self, window: str) -> str:
        """Per cent of requests that failed; nobody waits for the shadow's answers."""
        return failed_percent(self.live, window)

    def latency(self, quantile: float, window: str) -> str:
        """A quantile of the response time, milliseconds."""
        return response_time(self.live, quantile, window)


def _standard(series: _Series, endpoint: EndpointSpec, alerts: AlertsSpec) -> Iterator[EndpointRule]:
    name, (least, most) = endpoint.name, endpoint.replicas
    yield EndpointRule(
        role="answers-failed",
        title=f"{name}: more than {alerts.error_rate_percent:g} % of requests fail",
        query=f"{series.failed_percent('5m')} > {alerts.error_rate_percent:g}",
        severity="critical",
        advice="Look at the logs of its replicas. A new model is taken back by promoting the former one.",
    )
    yield EndpointRule(
        role="answers-slow",
        title=f"{name}: 99th percentile above {alerts.latency_p99_ms} ms",
        query=f"{series.latency(0.99, '5m')} > {alerts.latency_p99_ms}",
        severity="warning",
        advice="Look at requests under way, replicas at their bound, and the model's own time.",
    )
    healthy = f"envoy_cluster_membership_healthy{{{series.replicas}}}"
    yield EndpointRule(
        role="no-replica",
        title=f"{name}: no replica of a variant answers",
        query=f"max by (envoy_cluster_name) ({healthy}) < 1",
        severity="critical",
        minutes=5,
        advice="Look at its pods: `kubectl --namespace endpoints get pods`. Usually a node is missing, or the model "
        "does not start.",
    )
    yield EndpointRule(
        role="no-router",
        title=f"{name}: its routers tell nothing any more",
        query=f"count(last_over_time({healthy}[{_TOLD_BEFORE}])) unless on () count({healthy})",
        severity="critical",
        minutes=5,
        advice="Look at the pods of the router: `kubectl --namespace endpoints get pods`. If they run, the collection "
        "of metrics has stopped.",
    )
    fetched, missed = (
        f"sum(increase(envoy_http_jwt_authn_jwks_fetch_{end}{{{series.router}}}[15m])) > 0"
        for end in ("success", "failed")
    )
    yield EndpointRule(
        role="keys-unread",
        title=f"{name}: its routers cannot read the keys of the cluster's tokens, and so refuse every caller",
        query=f"{missed} unless on () ({fetched})",
        severity="critical",
        minutes=5,
        advice="Look at the way from the system's nodes to the internet: the cloud has the keys at a public address.",
    )
    if bounds_requests(endpoint):
        active = f"sum by (envoy_cluster_name) (envoy_cluster_upstream_rq_active{{{series.replicas}}})"
        yield EndpointRule(
            role="replicas-full",
            title=f"{name}: its replicas work on all the {endpoint.max_concurrency} requests each that they take",
            query=f"{active} / max by (envoy_cluster_name) ({healthy}) >= {endpoint.max_concurrency}",
            severity="warning",
            minutes=10,
            advice="Further requests wait in the server: its GPUs are full. Raise replicas, and the pool's nodes with "
            "them, or take a machine with more memory and raise max_concurrency.",
        )
    if least < most:
        total = f"envoy_cluster_membership_total{{{series.replicas}}}"
        yield EndpointRule(
            role="replicas-at-bound",
            title=f"{name}: all {most} replicas of a variant are in use",
            query=f"max by (envoy_cluster_name) ({total}) >= {most}",
            severity="warning",
            minutes=15,
            advice="Raise replicas, and max_nodes of the pool with them.",
        )


def _objectives(series: _Series, endpoint: EndpointSpec, slo: SloSpec) -> Iterator[EndpointRule]:
    for burn in burn_rates(slo.window_days):
        share = round(burn.bad_percent(slo.availability_percent, most=_MOST_BAD_PERCENT), 4)
        windows = (f"{series.failed_percent(window)} > {share:g}" for window in _windows(burn))
        yield _burns(endpoint, slo, burn, "availability", slo.availability_percent, " and ".join(windows))
    if slo.latency_ms is None:
        return
    for burn in burn_rates(slo.window_days):
        share = burn.bad_percent(slo.latency_percent, most=_MOST_BAD_PERCENT)
        # more than the share is late if the quantile of the rest is late
        quantile = round(1 - share / 100, 6)
        windows = (f"{series.latency(quantile, window)} > {slo.latency_ms}" for window in _windows(burn))
        yield _burns(endpoint, slo, burn, "latency", slo.latency_percent, " and ".join(windows))


def _windows(burn: BurnRate) -> tuple[str, ...]:
    return tuple(f"{seconds // 60}m" for seconds in (burn.long_seconds, burn.short_seconds))


def _burns(endpoint: EndpointSpec, slo: SloSpec, burn: BurnRate, goal: str, percent: float, query: str) -> EndpointRule:
    return EndpointRule(
        role=f"slo-{goal}-{burn.name}",
        title=f"{endpoint.name}: the {goal} budget of {percent:g} % over {slo.window_days} days burns "
        f"{burn.rate:.1f} times too fast",
        query=query,
        severity=burn.severity,
        advice=f"At this rate endpoint {endpoint.name} breaks its {goal} objective before the window ends.",
    )
