"""Envoy's configuration for the router before several models, and for an endpoint that waits for its first one.

Cloud Run cannot split traffic between services, mirror requests or keep them, and load balancers cannot mirror to it.
The router can: it picks a variant by weight, asks the metadata server for a token that the variant's service accepts,
and sends copies to the shadow through a separate listener, which gives them their own address and token.

Envoy's tap records the headers as they are sent, also those that later filters add. Therefore a router that captures
has two listeners: the front removes the caller's identity, captures, and sends on to the other, which has a token.
"""

from __future__ import annotations

from mlplatform.backends.gcp.serving.names import served_models, service_host, service_name
from mlplatform.backends.gcp.serving.router_ports import ROUTE_PORT, SHADOW_PORT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.envoy import (
    READY_PATH,
    TYPES,
    Json,
    dump,
    http_filter,
    listener,
    mirror_policy,
    ready_route,
    router_filter,
    tls,
    upstream,
    variants_action,
    waiting_route,
)
from mlplatform.components.envoy_capture import capture_filter
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_CLOUD_RUN_TOKEN = "x-serverless-authorization"
_METADATA, _MIRROR, _ROUTE = "_metadata", "_mirror", "_route"
"""Clusters that are no model's; the others have the names of variants, which start with a letter."""


def waiting_config(endpoint: EndpointSpec) -> str:
    """Configuration that answers every request with 503 and the reason."""
    routes = [ready_route(), waiting_route(endpoint)]
    front = listener("front", "0.0.0.0", endpoint.port, routes, [router_filter()])
    return dump({"static_resources": {"listeners": [front]}})


def router_config(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Configuration that splits requests over the variants, and mirrors and captures them as the endpoint asks."""
    hosts = {
        model.role: service_host(target, service_name(spec, endpoint.name, model.role))
        for model in served_models(endpoint)
    }
    action = variants_action(endpoint)
    clusters = [_metadata(), *(_cluster(name, address) for name, address in sorted(hosts.items()))]
    listeners: list[Json] = []
    if endpoint.shadow:
        action["request_mirror_policies"] = [mirror_policy(_MIRROR, endpoint.shadow.sample_percent)]
        clusters.append(_loopback(_MIRROR, SHADOW_PORT))
        listeners.append(_mirror(endpoint, endpoint.shadow.name))
    routes: list[Json] = [{"match": {"prefix": "/"}, "route": action}]
    identity = _without_caller_identity()
    if endpoint.capture_percent:
        clusters.append(_loopback(_ROUTE, ROUTE_PORT))
        listeners.insert(0, listener("route", "127.0.0.1", ROUTE_PORT, routes, _authenticated()))
        # the second listener keeps the time
        routes = [{"match": {"prefix": "/"}, "route": {"cluster": _ROUTE, "timeout": "0s", "idle_timeout": "0s"}}]
        capture = capture_filter(endpoint.capture_percent, READY_PATH)
        filters = [identity, capture, router_filter()]
    else:
        filters = [identity, *_authenticated()]
    listeners.insert(0, listener("front", "0.0.0.0", endpoint.port, [ready_route(), *routes], filters))
    return dump({"static_resources": {"listeners": listeners, "clusters": clusters}})


def _mirror(endpoint: EndpointSpec, shadow: str) -> Json:
    action: Json = {
        "cluster": shadow,
        "auto_host_rewrite": True,
        "timeout": f"{endpoint.timeout_seconds}s",
        "idle_timeout": f"{endpoint.timeout_seconds}s",
    }
    route: Json = {"match": {"prefix": "/"}, "route": action}
    return listener("mirror", "127.0.0.1", SHADOW_PORT, [route], [_without_caller_identity(), *_authenticated()])


def _without_caller_identity() -> Json:
    """Removes the caller's identity, so that it is neither captured nor sent on."""
    names = ("authorization", "proxy-authorization", _CLOUD_RUN_TOKEN)
    return http_filter(
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
        http_filter("gcp_authn", "gcp_authn.v3.GcpAuthnFilterConfig", settings),
        router_filter(),
    ]


def _cluster(name: str, address: str) -> Json:
    audience: Json = {"@type": f"{TYPES}.extensions.filters.http.gcp_authn.v3.Audience", "url": f"https://{address}"}
    http: Json = {
        "@type": f"{TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        **upstream(name, "LOGICAL_DNS", address, 443),
        "metadata": {"typed_filter_metadata": {"envoy.filters.http.gcp_authn": audience}},
        "transport_socket": tls(address),
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http},
    }


def _metadata() -> Json:
    return upstream(_METADATA, "STRICT_DNS", "metadata.google.internal", 80)


def _loopback(name: str, port: int) -> Json:
    return upstream(name, "STATIC", "127.0.0.1", port)
