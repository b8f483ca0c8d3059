"""Envoy's configuration for the router before several models, and for an endpoint that waits for its first one.

Cloud Run neither splits traffic between services nor mirrors or keeps requests, and load balancers refuse to mirror
to it. The router does: it picks a variant by weight, asks the metadata server for a token the variant's service
accepts, and sends copies to the shadow through a listener of its own, which gives them their own address and token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlplatform.backends.gcp.serving.capture import Json, capture_filter
from mlplatform.backends.gcp.serving.names import host, served, service_name
from mlplatform.backends.gcp.serving.servers import READY_PATH, SHADOW_PORT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

VARIANT_HEADER = "x-mlplatform-variant"
"""Response header that names the variant that answered."""

_TYPES = "type.googleapis.com/envoy"
_CLOUD_RUN_TOKEN = "x-serverless-authorization"


def waiting(endpoint: EndpointSpec) -> str:
    """Answers every request with 503 and the reason."""
    body = json.dumps({"error": f"endpoint {endpoint.name} waits for its first model"})
    refuse: Json = {
        "match": {"prefix": "/"},
        "direct_response": {"status": 503, "body": {"inline_string": body}},
        "response_headers_to_add": [_header("content-type", "application/json")],
    }
    listener = _listener("front", "0.0.0.0", endpoint.port, [_ready(), refuse], [_filter("router", "router.v3.Router")])
    return _dump({"static_resources": {"listeners": [listener]}})


def routing(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Splits requests over the variants, mirrors and captures as the endpoint asks."""
    hosts = {one.role: host(target, service_name(spec, endpoint.name, one.role)) for one in served(endpoint)}
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
        # Only what has not reached a model is tried again.
        "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
    }
    front = [_strip()]
    if endpoint.capture_percent:
        front.append(capture_filter(endpoint.capture_percent, READY_PATH))
    clusters = [_metadata(), *(_cluster(name, address) for name, address in sorted(hosts.items()))]
    listeners: list[Json] = []
    if endpoint.shadow:
        share: Json = {"default_value": {"numerator": endpoint.shadow.sample_percent, "denominator": "HUNDRED"}}
        action["request_mirror_policies"] = [{"cluster": "mirror", "runtime_fraction": share}]
        clusters.append(_loopback())
        listeners.append(_mirror(endpoint, endpoint.shadow.name))
    routes: list[Json] = [_ready(), {"match": {"prefix": "/"}, "route": action}]
    listeners.insert(0, _listener("front", "0.0.0.0", endpoint.port, routes, [*front, *_authenticated()]))
    return _dump({"static_resources": {"listeners": listeners, "clusters": clusters}})


def _mirror(endpoint: EndpointSpec, shadow: str) -> Json:
    action: Json = {
        "cluster": shadow,
        "auto_host_rewrite": True,
        "timeout": f"{endpoint.timeout_seconds}s",
        "idle_timeout": f"{endpoint.timeout_seconds}s",
    }
    route: Json = {"match": {"prefix": "/"}, "route": action}
    return _listener("mirror", "127.0.0.1", SHADOW_PORT, [route], [_strip(), *_authenticated()])


def _strip() -> Json:
    """The caller's identity ends here: it is neither captured nor sent on."""
    names = ("authorization", _CLOUD_RUN_TOKEN)
    return _filter(
        "header_mutation",
        "header_mutation.v3.HeaderMutation",
        {"mutations": {"request_mutations": [{"remove": name} for name in names]}},
    )


def _authenticated() -> list[Json]:
    """A token of the router's own identity for the service that the route leads to."""
    settings: Json = {
        "cluster": "metadata",
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
        "common_tls_context": {
            "validation_context": {"trusted_ca": {"filename": "/etc/ssl/certs/ca-certificates.crt"}}
        },
    }
    http: Json = {
        "@type": f"{_TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "upstream_http_protocol_options": {"auto_sni": True, "auto_san_validation": True},
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        **_endpoint(name, "LOGICAL_DNS", address, 443),
        "metadata": {"typed_filter_metadata": {"envoy.filters.http.gcp_authn": audience}},
        "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": tls},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http},
    }


def _metadata() -> Json:
    return _endpoint("metadata", "STRICT_DNS", "metadata.google.internal", 80)


def _loopback() -> Json:
    return _endpoint("mirror", "STATIC", "127.0.0.1", SHADOW_PORT)


def _endpoint(name: str, kind: str, address: str, port: int) -> Json:
    where: Json = {"address": {"socket_address": {"address": address, "port_value": port}}}
    return {
        "name": name,
        "type": kind,
        "dns_lookup_family": "V4_ONLY",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": where}]}]},
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
