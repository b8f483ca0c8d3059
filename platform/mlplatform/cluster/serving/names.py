"""Names and labels of what an endpoint has in the cluster."""

from __future__ import annotations

from mlplatform.components.labels import ENDPOINT_LABEL, ROLE_LABEL, VARIANT_LABEL
from mlplatform.spec.endpoints import EndpointSpec


def model_name(endpoint: EndpointSpec, variant: str) -> str:
    """Name of the deployment and service of a variant. Neither part holds what joins them, so no two are alike."""
    return f"{endpoint.name}--{variant}"


def router_labels(endpoint: EndpointSpec) -> dict[str, str]:
    """Labels of the pods of an endpoint's router."""
    return {ENDPOINT_LABEL: endpoint.name, ROLE_LABEL: "router"}


def model_labels(endpoint: EndpointSpec, variant: str) -> dict[str, str]:
    """Labels of the pods of a variant."""
    return {ENDPOINT_LABEL: endpoint.name, ROLE_LABEL: "model", VARIANT_LABEL: variant}
