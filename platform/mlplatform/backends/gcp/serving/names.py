"""What stands where on Cloud Run: names, addresses and the services of an endpoint. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


@record()
class Served:
    """A model that a Cloud Run service of its own serves."""

    role: str
    """Variant's or shadow's name."""

    model: str | None
    """Path below the store's `models` place; None where the image holds the model."""

    image: str | None
    """Own image; None where it is the endpoint's or the server's."""

    live: bool
    """False for a shadow, whose answers nobody waits for."""


def served(endpoint: EndpointSpec) -> tuple[Served, ...]:
    """The variants of an endpoint and its shadow, which comes last."""
    variants = tuple(Served(v.name, v.model, v.image, live=True) for v in endpoint.all_variants())
    if endpoint.shadow is None:
        return variants
    shadow = endpoint.shadow
    return (*variants, Served(shadow.name, shadow.model, shadow.image, live=False))


def is_routed(endpoint: EndpointSpec) -> bool:
    """Whether a router stands before the models: Cloud Run itself neither splits between services, nor mirrors,
    nor keeps requests."""
    if endpoint.awaits_model:
        return False
    return len(endpoint.all_variants()) > 1 or endpoint.shadow is not None or endpoint.capture_percent > 0


def service_name(spec: PlatformSpec, endpoint: str, variant: str | None = None) -> str:
    """Physical name of the service that callers use, or of a variant's behind the router."""
    return physical_name(spec, "-".join(part for part in (endpoint, variant) if part), RUN)


def service_names(spec: PlatformSpec, endpoint: EndpointSpec) -> tuple[str, ...]:
    """Every service of an endpoint, the one that callers use first."""
    front = service_name(spec, endpoint.name)
    if not is_routed(endpoint):
        return (front,)
    return (front, *(service_name(spec, endpoint.name, one.role) for one in served(endpoint)))


def model_services(spec: PlatformSpec, endpoint: EndpointSpec) -> tuple[str, ...]:
    """The services of an endpoint that run a model server for live requests."""
    if not is_routed(endpoint):
        return (service_name(spec, endpoint.name),)
    return tuple(service_name(spec, endpoint.name, one.name) for one in endpoint.all_variants())


def host(target: GcpTarget, service: str) -> str:
    """The address every service has from the start,
    https://docs.cloud.google.com/run/docs/triggering/https-request#deterministic"""
    return f"{service}-{target.project_number}.{target.region}.run.app"
