"""Pieces of Envoy's configuration that every router before models has. Imports no SDK.

https://www.envoyproxy.io/docs/envoy/latest/api-v3/api
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlplatform.spec.endpoints import EndpointSpec

Json = dict[str, object]

ENVOY = "envoyproxy/envoy:v1.39.1"
"""Image of the router before several models, and of an endpoint that waits for its first model."""

READY_PATH = "/-/ready"
"""Health path of the router and the waiting endpoint."""

VARIANT_HEADER = "x-mlplatform-variant"
"""Response header that names the variant that answered."""

TYPES = "type.googleapis.com/envoy"
"""Beginning of the names of Envoy's types."""


def waiting_route(endpoint: EndpointSpec) -> Json:
    """Answers every request with 503 and the reason."""
    body = json.dumps({"error": f"endpoint {endpoint.name} waits for its first model"})
    return {
        "match": {"prefix": "/"},
        "direct_response": {"status": 503, "body": {"inline_string": body}},
        "response_headers_to_add": [header("content-type", "application/json")],
    }


def variants_action(endpoint: EndpointSpec, upstreams: Sequence[tuple[str, str, int]] | None = None) -> Json:
    """Splits requests over the variants, within the endpoint's longest time.

    Args:
        endpoint: the endpoint.
        upstreams: names of upstreams, of their variants, and weights. Omitted: each variant is an upstream of its name.
    """
    split = upstreams or [(each.name, each.name, each.traffic_percent) for each in endpoint.all_variants()]
    return {
        "weighted_clusters": {
            "clusters": [
                {
                    "name": name,
                    "weight": weight,
                    "response_headers_to_add": [header(VARIANT_HEADER, variant)],
                }
                for name, variant, weight in split
            ]
        },
        "auto_host_rewrite": True,
        "timeout": f"{endpoint.timeout_seconds}s",
        "idle_timeout": f"{endpoint.timeout_seconds}s",
        # only requests that have not reached a model are retried
        "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
    }


def mirror_policy(upstream: str, percent: int) -> Json:
    """Copies a share of the requests to another upstream, whose answers nobody sees."""
    share: Json = {"default_value": {"numerator": percent, "denominator": "HUNDRED"}}
    return {"cluster": upstream, "runtime_fraction": share}


def upstream(name: str, kind: str, address: str, port: int) -> Json:
    """An upstream at one address, which `kind` says how to resolve."""
    return {
        "name": name,
        "type": kind,
        "dns_lookup_family": "V4_ONLY",
        "connect_timeout": "5s",
        "load_assignment": assignment(name, address, port),
    }


def assignment(name: str, address: str, port: int) -> Json:
    """Where the requests of an upstream go: one address, or one name."""
    endpoint: Json = {"address": {"socket_address": {"address": address, "port_value": port}}}
    return {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]}


def tls(address: str) -> Json:
    """Transport to an upstream whose certificate a public authority has signed for its name."""
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{TYPES}.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            # the upstream's own name: auto_sni would ask for the caller's host
            "sni": address,
            "auto_sni_san_validation": True,
            "common_tls_context": {
                "validation_context": {"trusted_ca": {"filename": "/etc/ssl/certs/ca-certificates.crt"}}
            },
        },
    }


def listener(
    name: str,
    address: str,
    port: int,
    routes: Sequence[Json],
    filters: Sequence[Json],
    settings: Mapping[str, object] | None = None,
    transport: Json | None = None,
) -> Json:
    """A port with its routes and filters, in their order.

    Args:
        name: its name, also in what it counts.
        address: that it listens on.
        port: that it listens on.
        routes: where requests go.
        filters: what looks at them first.
        settings: further ones of its HTTP connections. Omitted: Envoy's defaults.
        transport: what ends TLS. Omitted: requests come in the clear.
    """
    manager: Json = {
        "@type": f"{TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "http_filters": list(filters),
        "route_config": {
            "name": name,
            "virtual_hosts": [{"name": name, "domains": ["*"], "routes": list(routes)}],
        },
        **(settings or {}),
    }
    chain: Json = {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
    if transport:
        chain["transport_socket"] = transport
    return {
        "name": name,
        "address": {"socket_address": {"address": address, "port_value": port}},
        "filter_chains": [chain],
    }


def ready_route() -> Json:
    """Answers the probe of the router itself."""
    return {"match": {"path": READY_PATH}, "direct_response": {"status": 200}}


def http_filter(name: str, kind: str, settings: Mapping[str, object] | None = None) -> Json:
    """A filter of requests."""
    typed: Json = {"@type": f"{TYPES}.extensions.filters.http.{kind}", **(settings or {})}
    return {"name": f"envoy.filters.http.{name}", "typed_config": typed}


def router_filter() -> Json:
    """The last filter, which sends requests on."""
    return http_filter("router", "router.v3.Router")


def header(key: str, value: str) -> Json:
    """A header of answers."""
    return {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def dump(config: Json) -> str:
    """The configuration as text, the same for the same content."""
    return json.dumps(config, sort_keys=True, separators=(",", ":"))
