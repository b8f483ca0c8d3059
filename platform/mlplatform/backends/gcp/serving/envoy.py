"""Envoy's configuration for the router before several models, and for an endpoint that waits for its first one.

Cloud Run cannot split traffic between services, mirror requests or keep them, and load balancers cannot mirror to it.
The router can: it picks a variant by weight, asks the metadata server for a token that the variant's service accepts,
and sends copies to the shadow through a separate listener, which gives them their own address and token.

Envoy's tap records the headers as they are sent, also those that later filters add. Therefore a router that captures
has two listeners: the front removes the caller's identity, captures, and sends on to the other, which has a token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlplatform.backends.gcp.serving.capture import Json, capture_filter
from mlplatform.backends.gcp.serving.names import served_models, service_host, service_name
from mlplatform.backends.gcp.serving.servers import READY_PATH, ROUTE_PORT, SHADOW_PORT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

VARIANT_HEADER = "x-mlplatform-variant"
"""Response header that names the variant that answered."""

_TYPES = "type.googleapis.com/envoy"
_CLOUD_RUN_TOKEN = "x-serverless-authorization"
_METADATA, _MIRROR, _ROUTE = "_metadata", "_mirror", "_route"
"""Clusters that are no model's; the others have the names of variants, which start with a letter."""


def waiting_config(endpoint: EndpointSpec) -> str:
    """Configuration that answers every request with 503 and the reason."""
    body = json.dumps({"error": f"endpoint {endpoint.name} waits for its first model"})
    unavailable: Json = {
        "match": {"prefix": "/"},
        "direct_response": {"status": 503, "body": {"inline_string": body}},
        "response_headers_to_add": [_header("content-type", "application/json")],
    }
    listener = _listener(
        "front", "0.0.0.0", endpoint.port, [_ready(), unavailable], [_filter("router", "router.v3.Router")]
    )
    return _dump({"static_resources": {"listeners": [listener]}})


def router_config(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Configuration that splits requests over the variants, and mirrors and captures them as the endpoint asks."""
    hosts = {
        model.role: service_host(target, service_name(spec, endpoint.name, model.role))
        for model in served_models(endpoint)
    }
    action: Json = {
        "weighted_clusters": {
            "clusters": [
                {
                    "name": variant.name,
                    "weight": variant.traffic_percent,
                    "response_headers_to_add": [_header(VARIANT_HEADER, variant.name)],
                }
                for variant in endpoint.all_variants()
            ]
        },
        "auto_host_rewrite": True,
        "timeout": f"{endpoint.timeout_seconds}s",
        "idle_timeout": f"{endpoint.timeout_seconds}s",
        # only requests that have not reached a model are retried
        "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
    }
    clusters = [_metadata(), *(_cluster(name, address) for name, address in sorted(hosts.items()))]
    listeners: list[Json] = []
    if endpoint.shadow:
        share: Json = {"default_value": {"numerator": endpoint.shadow.sample_percent, "denominator": "HUNDRED"}}
        action["request_mirror_policies"] = [{"cluster": _MIRROR, "runtime_fraction": share}]
        clusters.append(_loopback(_MIRROR, SHADOW_PORT))
        listeners.append(_mirror(endpoint, endpoint.shadow.name))
    routes: list[Json] = [{"match": {"prefix": "/"}, "route": action}]
    identity = _without_caller_identity()
    if endpoint.capture_percent:
        clusters.append(_loopback(_ROUTE, ROUTE_PORT))
        listeners.insert(0, _listener("route", "127.0.0.1", ROUTE_PORT, routes, _authenticated()))
        # the second listener keeps the time
        routes = [{"match": {"prefix": "/"}, "route": {"cluster": _ROUTE, "timeout": "0s", "idle_timeout": "0s"}}]
        capture = capture_filter(endpoint.capture_percent, READY_PATH)
        filters = [identity, capture, _filter("router", "router.v3.Router")]
    else:
        filters = [identity, *_authenticated()]
    listeners.insert(0, _listener("front", "0.0.0.0", endpoint.port, [_ready(), *routes], filters))
    return _dump({"static_resources": {"listeners": listeners, "clusters": clusters}})


def _mirror(endpoint: EndpointSpec, shadow: str) -> Json:
    action: Json = {
        "cluster": shadow,
        "auto_host_rewrite": True,
        "timeout": f"{endpoint.timeout_seconds}s",
        "idle_timeout": f"{endpoint.timeout_seconds}s",
    }
    route: Json = {"match": {"prefix": "/"}, "route": action}
    return _listener("mirror", "127.0.0.1", SHADOW_PORT, [route], [_without_caller_identity(), *_authenticated()])


def _without_caller_identity() -> Json:
    """Removes the caller's identity, so that it is neither captured nor sent on."""
    names = ("authorization", "proxy-authorization", _CLOUD_RUN_TOKEN)
    return _filter(
        "header_mutation",
        "header_mutation.v3.HeaderMutation",
        {"mutations": {"request_mutations": [{"remove": name} for name in names]}},
    )


def _authenticated() -> list[Json]:
    """Adds a token of the router's identity for the service that the route leads to."""
    settings: Json = {
        "cluster": _METADATA,
        "timeout": "10s",
        "cache_config": {"cache_size": 32},
        "retry_policy": {"retry_on": "5xx,reset,connect-failure", "num_retries": 3},
        "token_header": {"name": _CLOUD_RUN_TOKEN, "value_prefix": "Bearer "},
    }
    return [
        _filter("gcp_authn", "gcp_authn.v3.GcpAuthnFilterConfig", settings),
        _filter("router", "router.v3.Router"),
    ]


def _cluster(name: str, address: str) -> Json:
    audience: Json = {"@type": f"{_TYPES}.extensions.filters.http.gcp_authn.v3.Audience", "url": f"https://{address}"}
    tls: Json = {
        "@type": f"{_TYPES}.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        # the service's own name: auto_sni would ask for the caller's host, which may be a domain of a load balancer
        "sni": address,
        "auto_sni_san_validation": True,
        "common_tls_context": {
            "validation_context": {"trusted_ca": {"filename": "/etc/ssl/certs/ca-certificates.crt"}}
        },
    }
    http: Json = {
        "@type": f"{_TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        **_endpoint(name, "LOGICAL_DNS", address, 443),
        "metadata": {"typed_filter_metadata": {"envoy.filters.http.gcp_authn": audience}},
        "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": tls},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http},
    }


def _metadata() -> Json:
    return _endpoint(_METADATA, "STRICT_DNS", "metadata.google.internal", 80)


def _loopback(name: str, port: int) -> Json:
    return _endpoint(name, "STATIC", "127.0.0.1", port)


def _endpoint(name: str, kind: str, address: str, port: int) -> Json:
    endpoint: Json = {"address": {"socket_address": {"address": address, "port_value": port}}}
    return {
        "name": name,
        "type": kind,
        "dns_lookup_family": "V4_ONLY",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]},
    }


def _listener(name: str, address: str, port: int, routes: Sequence[Json], filters: Sequence[Json]) -> Json:
    manager: Json = {
        "@type": f"{_TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "http_filters": list(filters),
        "route_config": {
            "name": name,
            "virtual_hosts": [{"name": name, "domains": ["*"], "routes": list(routes)}],
        },
    }
    chain: Json = {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
    return {
        "name": name,
        "address": {"socket_address": {"address": address, "port_value": port}},
        "filter_chains": [chain],
    }


def _ready() -> Json:
    return {"match": {"path": READY_PATH}, "direct_response": {"status": 200}}


def _filter(name: str, kind: str, settings: Mapping[str, object] | None = None) -> Json:
    typed: Json = {"@type": f"{_TYPES}.extensions.filters.http.{kind}", **(settings or {})}
    return {"name": f"envoy.filters.http.{name}", "typed_config": typed}


def _header(key: str, value: str) -> Json:
    return {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def _dump(config: Json) -> str:
    return json.dumps(config, sort_keys=True, separators=(",", ":"))
