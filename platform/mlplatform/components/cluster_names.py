"""Names of what an endpoint on the cluster has there. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec


def account_name(endpoint: EndpointSpec) -> str:
    """The service account of an endpoint's pods, and what the layer calls its identity."""
    return f"endpoint-{endpoint.name}"


def capture_account(endpoint: EndpointSpec) -> str:
    """The service account of a router that captures, and what the layer calls its identity."""
    return f"capture-{endpoint.name}"


def endpoint_host(endpoint: EndpointSpec) -> str:
    """Name of the endpoint inside the cluster, and the audience of its callers' tokens."""
    return f"{endpoint.name}.{SERVING_NAMESPACE}.svc.cluster.local"
