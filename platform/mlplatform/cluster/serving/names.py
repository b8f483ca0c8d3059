"""Names and labels of what an endpoint has in the cluster."""

from __future__ import annotations

from mlplatform.spec.endpoints import EndpointSpec

ENDPOINT_LABEL = "mlplatform.dev/endpoint"
"""The endpoint, on everything of it."""

VARIANT_LABEL = "mlplatform.dev/variant"
"""The variant or shadow, on the pods of a model."""

ROLE_LABEL = "mlplatform.dev/role"
"""`router` or `model`."""


def model_name(endpoint: EndpointSpec, variant: str) -> str:
    """Name of the deployment and service of a variant. Neither part holds what joins them, so no two are alike."""
    return f"{endpoint.name}--{variant}"


def router_labels(endpoint: EndpointSpec) -> dict[str, str]:
    """Labels of the pods of an endpoint's router."""
    return {ENDPOINT_LABEL: endpoint.name, ROLE_LABEL: "router"}


def model_labels(endpoint: EndpointSpec, variant: str) -> dict[str, str]:
    """Labels of the pods of a variant."""
    return {ENDPOINT_LABEL: endpoint.name, ROLE_LABEL: "model", VARIANT_LABEL: variant}
