"""What GCP refuses in endpoints and model groups beyond its declared limits. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.naming import RUN, physical
from mlplatform.backends.gcp.network.limits import problem
from mlplatform.backends.gcp.serving.names import service_names
from mlplatform.backends.gcp.serving.servers import INTERNAL_PORTS, SHADOW_PORT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.backend import Backend
from mlplatform.components.problems import endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def check_serving(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Machines, models, ports and names."""
    for index, endpoint in enumerate(spec.endpoints):
        path = f"endpoints[{index}]"
        yield from _machine(path, endpoint, target, backend)
        yield from _models(path, endpoint)
        yield from _port(path, endpoint)
    yield from _names(spec)
    yield from _groups(spec)


def _machine(path: str, endpoint: EndpointSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    wanted = endpoint.accelerator or ()
    if not any(Accelerator.parse(name).count == 1 for name in wanted):
        return
    if isinstance(refused := endpoint_machine(backend, target, path, endpoint), Problem):
        yield refused


def _models(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.server == "custom":
        return
    for index, variant in enumerate(endpoint.variants):
        if variant.model is None and variant.image is None:
            yield problem(
                f"{path}.variants[{index}].model",
                "nothing",
                f"a model, because another variant has one: '{variant.name}' would answer with errors",
                "name its model, or leave the variant out until there is one",
            )


def _port(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    taken = (SHADOW_PORT, *INTERNAL_PORTS)
    if endpoint.port in taken:
        yield problem(
            f"{path}.port",
            str(endpoint.port),
            f"a port that the router and the server do not use themselves ({', '.join(map(str, taken))})",
            "leave port out",
        )


def _names(spec: PlatformSpec) -> Iterator[Problem]:
    """`a` with variant `b`, and `a-b`, would be one service."""
    taken = {physical(spec, "grafana", RUN): "monitoring.grafana"} if spec.monitoring.grafana else {}
    for index, endpoint in enumerate(spec.endpoints):
        for name in service_names(spec, endpoint):
            if name in taken:
                yield problem(
                    f"endpoints[{index}].name",
                    endpoint.name,
                    f"names whose services differ: {name} is {taken[name]}'s already",
                    "rename the endpoint or the variant",
                )
            taken.setdefault(name, f"endpoint '{endpoint.name}'")


def _groups(spec: PlatformSpec) -> Iterator[Problem]:
    groups = {f"model-{group}": group for group in spec.registry.models}
    for index, name in enumerate(spec.registry.repositories):
        if name in groups:
            yield problem(
                f"registry.repositories[{index}]",
                name,
                f"another name than that of model group '{groups[name]}': both are repositories",
                f"use {groups[name]}-images",
            )
        elif name.startswith("servers-"):
            yield problem(
                f"registry.repositories[{index}]",
                name,
                "a name that does not start with 'servers-': those are the caches of model servers",
                f"use {name.removeprefix('servers-')}-images",
            )
