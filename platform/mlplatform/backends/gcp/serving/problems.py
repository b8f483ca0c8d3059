"""Problems of endpoints on GCP beyond the limits. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.serving.names import service_names
from mlplatform.backends.gcp.serving.servers import INTERNAL_PORTS, SHADOW_PORT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.backend import Backend
from mlplatform.components.names import physical_name
from mlplatform.components.refused_machines import endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Machines, models, ports and names that an endpoint cannot have on GCP."""
    for index, endpoint in enumerate(spec.endpoints):
        path = f"endpoints[{index}]"
        yield from _machine(path, endpoint, target, backend)
        yield from _models(path, endpoint, backend)
        yield from _port(path, endpoint, backend)
    yield from _names(spec, backend)


def _machine(path: str, endpoint: EndpointSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    accelerators = endpoint.accelerator or ()
    if not any(Accelerator.parse(name).count == 1 for name in accelerators):
        return
    if isinstance(refused := endpoint_machine(backend, target, path, endpoint), Problem):
        yield refused


def _models(path: str, endpoint: EndpointSpec, backend: Backend) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.server == "custom":
        return
    for index, variant in enumerate(endpoint.variants):
        if variant.model is None and variant.image is None:
            yield backend.refuse(
                f"{path}.variants[{index}].model",
                "nothing",
                f"a model, because another variant has one: '{variant.name}' would answer with errors",
                "set its model, or omit the variant until there is one",
            )


def _port(path: str, endpoint: EndpointSpec, backend: Backend) -> Iterator[Problem]:
    taken = (SHADOW_PORT, *INTERNAL_PORTS)
    if endpoint.port in taken:
        yield backend.refuse(
            f"{path}.port",
            str(endpoint.port),
            f"a port that neither the router nor the server uses inside ({', '.join(map(str, taken))})",
            "omit port",
        )


def _names(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Endpoint `a` with variant `b`, and endpoint `a-b`, would have one service."""
    taken = {physical_name(spec, "grafana", RUN): "monitoring.grafana"} if spec.monitoring.grafana else {}
    for index, endpoint in enumerate(spec.endpoints):
        for name in service_names(spec, endpoint):
            if name in taken:
                yield backend.refuse(
                    f"endpoints[{index}].name",
                    endpoint.name,
                    f"a name whose services are unique: {taken[name]} already uses {name}",
                    "rename the endpoint or the variant",
                )
            taken.setdefault(name, f"endpoint '{endpoint.name}'")
