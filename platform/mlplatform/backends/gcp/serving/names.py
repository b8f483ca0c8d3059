"""Services of an endpoint on Cloud Run: names and addresses. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


@record()
class ServedModel:
    """A model with its own Cloud Run service."""

    role: str
    """Name of the variant or shadow."""

    model: str | None
    """Path below the store's `models` place; None if the image contains the model."""

    image: str | None
    """The variant's own image; None for the endpoint's or the server's."""

    live: bool
    """False for a shadow, whose answers no caller gets."""


def served_models(endpoint: EndpointSpec) -> tuple[ServedModel, ...]:
    """The variants of an endpoint and its shadow, which comes last."""
    variants = tuple(
        ServedModel(variant.name, variant.model, variant.image, live=True) for variant in endpoint.all_variants()
    )
    if endpoint.shadow is None:
        return variants
    shadow = endpoint.shadow
    return (*variants, ServedModel(shadow.name, shadow.model, shadow.image, live=False))


def is_routed(endpoint: EndpointSpec) -> bool:
    """Whether a router is needed before the models: Cloud Run cannot split traffic between services, mirror requests,
    or keep them."""
    if endpoint.awaits_model:
        return False
    return len(endpoint.all_variants()) > 1 or endpoint.shadow is not None or endpoint.capture_percent > 0


def service_name(spec: PlatformSpec, endpoint: str, variant: str | None = None) -> str:
    """Physical name of the service that callers use, or of a variant's behind the router."""
    return physical_name(spec, "-".join(part for part in (endpoint, variant) if part), RUN)


def service_names(spec: PlatformSpec, endpoint: EndpointSpec) -> tuple[str, ...]:
    """Every service of an endpoint, the model that callers use first."""
    front = service_name(spec, endpoint.name)
    if not is_routed(endpoint):
        return (front,)
    return (front, *(service_name(spec, endpoint.name, model.role) for model in served_models(endpoint)))


def model_services(spec: PlatformSpec, endpoint: EndpointSpec) -> tuple[str, ...]:
    """The services of an endpoint that run a model server for live requests."""
    if not is_routed(endpoint):
        return (service_name(spec, endpoint.name),)
    return tuple(service_name(spec, endpoint.name, model.name) for model in endpoint.all_variants())


def service_host(target: GcpTarget, service: str) -> str:
    """Host name of a service, known before it exists,
    https://docs.cloud.google.com/run/docs/triggering/https-request#deterministic"""
    return f"{service}-{target.project_number}.{target.region}.run.app"
