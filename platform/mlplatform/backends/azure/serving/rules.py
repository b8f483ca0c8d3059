"""Which endpoints run into Azure's limits. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.azure.serving import servers
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

MANAGED_TIMEOUT = 180
"""Longest request of a managed online endpoint, seconds,
https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"""
APP_TIMEOUT = 240
"""Longest request of a Container App, seconds, https://learn.microsoft.com/azure/container-apps/ingress-overview"""

Refused = Callable[[EndpointSpec], object | None]


def where(field: str, refused: Refused) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    """Finds every endpoint that a limit refuses."""

    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            got = refused(endpoint)
            if got is not None:
                yield f"endpoints[{index}].{field}", str(got)

    return violations


def never(_: PlatformSpec) -> Iterator[tuple[str, str]]:
    """For limits that refuse nothing, and only say what differs."""
    yield from ()


def sleeps(endpoint: EndpointSpec) -> bool:
    """Whether the endpoint may sleep, and so is a Container App."""
    return endpoint.replicas[0] == 0


def timeout(endpoint: EndpointSpec) -> object | None:
    """A timeout that is too long."""
    most = APP_TIMEOUT if sleeps(endpoint) else MANAGED_TIMEOUT
    return endpoint.timeout_seconds if endpoint.timeout_seconds > most else None


def server(endpoint: EndpointSpec) -> object | None:
    """A managed endpoint passes nothing to a container but environment variables."""
    if sleeps(endpoint) or endpoint.server in servers.STARTS_ALONE or endpoint.image or endpoint.awaits_model:
        return None
    given = [variant.image for variant in endpoint.all_variants() if variant.model]
    if endpoint.shadow:
        given.append(endpoint.shadow.image)
    return None if all(given) else endpoint.server


def fixed(field: str) -> Refused:
    """A field that the server decides, given otherwise."""

    def refused(endpoint: EndpointSpec) -> object | None:
        given = field in endpoint.model_fields_set
        expected = getattr(servers.listens(endpoint), field)
        return getattr(endpoint, field) if given and getattr(endpoint, field) != expected else None

    return refused


def metric(endpoint: EndpointSpec) -> object | None:
    """A metric that the endpoint cannot follow."""
    metric = endpoint.autoscaling.metric
    if sleeps(endpoint):
        return None if metric == "concurrency" else metric
    return metric if metric == "gpu" and not endpoint.accelerator else None


def concurrency(endpoint: EndpointSpec) -> object | None:
    """A bound that nothing would keep to."""
    bounded = not sleeps(endpoint) or (endpoint.server == "vllm" and not endpoint.image)
    return endpoint.max_concurrency if "max_concurrency" in endpoint.model_fields_set and not bounded else None
