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


def preview_name(endpoint: EndpointSpec, variant: str, suffix: str = "") -> str:
    """Name of the service of a variant's newest replicas in a step of a canary."""
    return f"{model_name(endpoint, variant)}--preview{suffix}"


def group_name(endpoint: EndpointSpec, variant: str) -> str:
    """Name of a variant's set of groups. The set has a service of this name with pods that are not ready yet, by which
    they find each other; callers must not find those by the variant's own service."""
    return f"{model_name(endpoint, variant)}--nodes"


def worker_labels(endpoint: EndpointSpec, variant: str) -> dict[str, str]:
    """Labels of the pods of a variant that answer no requests: those beside the first of each replica."""
    return {**model_labels(endpoint, variant), ROLE_LABEL: "worker"}


def model_labels(endpoint: EndpointSpec, variant: str) -> dict[str, str]:
    """Labels of the pods of a variant."""
    return {ENDPOINT_LABEL: endpoint.name, ROLE_LABEL: "model", VARIANT_LABEL: variant}
