"""Names of what an endpoint on the cluster has there. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec


def account_name(endpoint: EndpointSpec) -> str:
    """The service account of an endpoint's pods, and what the layer calls its identity."""
    return f"endpoint-{endpoint.name}"


def capture_account(endpoint: EndpointSpec) -> str:
    """The service account of a router that captures, and what the layer calls its identity."""
    return f"capture-{endpoint.name}"


def monitor_account(endpoint: EndpointSpec) -> str:
    """The service account of the monitor of an endpoint, what the layer calls its identity, and its CronJob."""
    return f"monitor-{endpoint.name}"


def router_account(endpoint: EndpointSpec) -> str | None:
    """The service account of a router that needs an identity: to write captures, or to read its certificate. None: it
    needs none."""
    if endpoint.capture_percent:
        return capture_account(endpoint)
    return f"entry-{endpoint.name}" if endpoint.open_entry else None


def entry_service(endpoint: EndpointSpec) -> str:
    """The service with the load balancer of a public endpoint; no endpoint has two hyphens in its name."""
    return f"{endpoint.name}--entry"


def endpoint_audiences(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Whom callers' tokens must be for: the endpoint's host inside the cluster, or its public name."""
    return (endpoint_host(endpoint), *((endpoint.open_entry.host,) if endpoint.open_entry else ()))


def endpoint_host(endpoint: EndpointSpec) -> str:
    """Name of the endpoint inside the cluster, and the audience of its callers' tokens."""
    return f"{endpoint.name}.{SERVING_NAMESPACE}.svc.cluster.local"
