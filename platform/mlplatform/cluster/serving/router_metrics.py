"""What the router of an endpoint counts, and where the cloud's collector reads it.

Envoy's own administration can also stop it, so that it listens on a socket inside the pod; one path of it is led out.
"""

from __future__ import annotations

from mlplatform.components.endpoint_metrics import ENDPOINT_TAG, watched_latencies
from mlplatform.components.envoy import Json, listener, router_filter
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec

METRICS_PORT = 9902
"""Port of the router's metrics."""

METRICS_PORT_NAME = "metrics"
"""Its name, by which collectors find it."""

METRICS_PATH = "/stats/prometheus"
"""Path of the metrics: https://www.envoyproxy.io/docs/envoy/v1.39.1/operations/admin"""

_ADMIN = "_admin"
_SOCKET: Json = {"pipe": {"path": "@mlplatform-admin"}}
"""A name of the kernel's, without a file: it is the pod's own, as its network is."""

_BUCKETS = (
    5,
    10,
    25,
    50,
    100,
    250,
    500,
    1000,
    2500,
    5000,
    10_000,
    30_000,
    60_000,
    300_000,
    600_000,
    1_800_000,
    3_600_000,
)
"""Response times up to which requests are counted, milliseconds; the last is the longest that a request may take."""

_COUNTED = (
    r"cluster\.[a-z][a-z0-9]*(_(next|preview)[0-9]*)?\.(upstream_rq_[1-5]xx|upstream_rq_time|upstream_rq_active|membership_(healthy|total))",
    r"http\.front\.jwt_authn\.(denied|jwks_fetch_(success|failed))",
)
"""What alerts and charts read; Envoy has some hundred others, and a collector is paid by the number."""


def admin() -> Json:
    """Envoy's administration, which nobody outside the pod reaches."""
    return {"address": _SOCKET}


def stats_config(endpoint: EndpointSpec, alerts: AlertsSpec) -> Json:
    """What is counted, under the endpoint's name.

    Args:
        endpoint: the endpoint.
        alerts: the platform's thresholds: requests are counted up to exactly these.
    """
    buckets = sorted({*_BUCKETS, *watched_latencies(endpoint, alerts)})
    return {
        "stats_tags": [{"tag_name": ENDPOINT_TAG, "fixed_value": endpoint.name}],
        "stats_matcher": {"inclusion_list": {"patterns": [{"safe_regex": {"regex": regex}} for regex in _COUNTED]}},
        "histogram_bucket_settings": [{"match": {"suffix": "upstream_rq_time"}, "buckets": buckets}],
    }


def metrics_upstream() -> Json:
    """The administration, as an upstream."""
    endpoint: Json = {"address": _SOCKET}
    return {
        "name": _ADMIN,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": _ADMIN, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]},
    }


def metrics_listener() -> Json:
    """The port of the metrics: one path, and nothing else of the administration."""
    route: Json = {"match": {"path": METRICS_PATH}, "route": {"cluster": _ADMIN}}
    return listener("metrics", "0.0.0.0", METRICS_PORT, [route], [router_filter()])
