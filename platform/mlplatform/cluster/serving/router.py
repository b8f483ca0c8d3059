"""Envoy's configuration for the router of an endpoint on the cluster.

It checks the caller's token, picks a variant by weight, and copies requests to the shadow: with Gateway API each cloud
would need a controller of its own for that, of which none checks the tokens of service accounts.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.serving.caller_tokens import keys_upstream, token_filter, with_keys
from mlplatform.cluster.serving.entry import entry_bounds, entry_listener
from mlplatform.cluster.serving.names import model_name, preview_name
from mlplatform.cluster.serving.router_metrics import admin, metrics_listener, metrics_upstream, stats_config
from mlplatform.components.cluster_names import endpoint_audiences
from mlplatform.components.cluster_rollouts import CanaryShare, canary_shares, next_upstream, preview_upstream
from mlplatform.components.envoy import (
    READY_PATH,
    TYPES,
    Json,
    assignment,
    listener,
    mirror_policy,
    ready_route,
    router_filter,
    variants_action,
    waiting_route,
)
from mlplatform.components.envoy_capture import capture_filter
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec

ROUTER_PORT = 8080
"""Port of the router's pods."""

DNS_SECONDS = 45
"""Seconds after which the router knows of a new replica and has forgotten an old one: CoreDNS keeps names for 30, and
Envoy asks every 5."""


def router_config(
    endpoint: EndpointSpec, keys_host: str, health_path: str, callers: Sequence[str], alerts: AlertsSpec | None
) -> FromCloud:
    """Envoy's configuration, as text around the address of the keys.

    Args:
        endpoint: the endpoint, with what is released.
        keys_host: host of the keys of the cluster's tokens.
        health_path: path with which a model's server says that it is ready.
        callers: service accounts that may call it, as `namespace:name`.
        alerts: the platform's thresholds, at which the router counts requests. None: nothing collects its metrics.
    """
    upstreams: list[Json] = [keys_upstream(keys_host)]
    route: Json = waiting_route(endpoint)
    if not endpoint.awaits_model:
        names = [variant.name for variant in endpoint.all_variants()]
        action = variants_action(endpoint, _shares(endpoint))
        if endpoint.shadow:
            names.append(endpoint.shadow.name)
            action["request_mirror_policies"] = [mirror_policy(endpoint.shadow.name, endpoint.shadow.sample_percent)]
        upstreams += [_model(endpoint, name, model_name(endpoint, name), health_path) for name in names]
        for variant in endpoint.all_variants():
            for share in canary_shares(endpoint):
                newest = preview_upstream(variant.name, share.suffix)
                service = preview_name(endpoint, variant.name, share.suffix)
                upstreams += [_model(endpoint, newest, service, health_path), _newest(variant.name, share)]
        to_models: Json = {"match": {"prefix": "/"}, "route": action}
        route = to_models
    # after the check of the token, which takes it out of the request: no token is kept
    kept = [capture_filter(endpoint.capture_percent, READY_PATH)] if endpoint.capture_percent else []
    audiences = endpoint_audiences(endpoint)
    filters = [token_filter(audiences, callers, (READY_PATH,)), *kept, router_filter()]
    fronts = [listener("front", "0.0.0.0", ROUTER_PORT, [ready_route(), route], filters)]
    bounds: Json = {}
    if endpoint.open_entry:
        # no path is open to the internet
        fronts.append(entry_listener([route], [token_filter(audiences, callers, ()), *kept, router_filter()]))
        bounds["overload_manager"] = entry_bounds()
        # Envoy starts with no certificate from a file without a name of its own
        bounds["node"] = {"id": endpoint.name, "cluster": SERVING_NAMESPACE}
    config: Json = {**bounds, "static_resources": {"listeners": fronts, "clusters": upstreams}}
    if alerts:
        config = {
            **bounds,
            "admin": admin(),
            "static_resources": {
                "listeners": [*fronts, metrics_listener()],
                "clusters": [*upstreams, metrics_upstream()],
            },
            "stats_config": stats_config(endpoint, alerts),
        }
    return with_keys(config)


def _shares(endpoint: EndpointSpec) -> list[tuple[str, str, int]]:
    """Upstreams with their variants and weights; the newest replicas of each get a share of their own in a canary."""
    steps = canary_shares(endpoint)
    shares: list[tuple[str, str, int]] = []
    for variant in endpoint.all_variants():
        name, weight = variant.name, variant.traffic_percent
        if not steps:
            shares.append((name, name, weight))
            continue
        shares.append((name, name, weight * (100 - sum(step.percent for step in steps))))
        shares += [(next_upstream(name, step.suffix), name, weight * step.percent) for step in steps]
    return shares


def _newest(variant: str, share: CanaryShare) -> Json:
    """The newest replicas of a variant, and the serving ones while none of those is healthy: before they have started,
    before their step, and after they were taken back."""
    both: Json = {
        "@type": f"{TYPES}.extensions.clusters.aggregate.v3.ClusterConfig",
        "clusters": [preview_upstream(variant, share.suffix), variant],
    }
    return {
        "name": next_upstream(variant, share.suffix),
        "connect_timeout": "5s",
        "lb_policy": "CLUSTER_PROVIDED",
        "cluster_type": {"name": "envoy.clusters.aggregate", "typed_config": both},
    }


def _model(endpoint: EndpointSpec, upstream: str, service: str, health_path: str) -> Json:
    host = f"{service}.{SERVING_NAMESPACE}.svc.cluster.local"
    check: Json = {
        "timeout": "5s",
        "interval": "5s",
        "no_traffic_interval": "5s",
        "unhealthy_threshold": 3,
        "healthy_threshold": 1,
        "http_health_check": {"path": health_path},
    }
    http: Json = {
        "@type": f"{TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
    }
    # every address of the name is a replica
    names: Json = {
        "@type": f"{TYPES}.extensions.clusters.dns.v3.DnsCluster",
        "dns_lookup_family": "V4_ONLY",
        "dns_refresh_rate": "5s",
    }
    return {
        "name": upstream,
        "cluster_type": {"name": "envoy.cluster.dns", "typed_config": names},
        "connect_timeout": "5s",
        "load_assignment": assignment(upstream, host, endpoint.port),
        # a replica with long answers gets fewer requests
        "lb_policy": "LEAST_REQUEST",
        "health_checks": [check],
        # else Envoy goes on with a replica that its name no longer leads to, for as long as it is healthy
        "ignore_health_on_host_removal": True,
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http},
    }
