"""Limits of endpoints on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.serving.names import service_names
from mlplatform.backends.gcp.serving.router_ports import ROUTE_PORT, SHADOW_PORT
from mlplatform.backends.gcp.serving.sizes import (
    MAX_CPUS,
    MAX_MEMORY_GIB,
    MAX_UTILIZATION,
    MIN_UTILIZATION,
    target_utilization,
)
from mlplatform.backends.gcp.serving.vertex import limits as vertex
from mlplatform.backends.gcp.serving.vertex.names import MACHINE_PREFIX, is_on_vertex
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cuda import cuda_problems
from mlplatform.components.limits import endpoint_limit, owned_variables
from mlplatform.components.model_servers import CUDA_CODE, INTERNAL_PORTS, public_image
from mlplatform.components.names import physical_name
from mlplatform.components.problems import endpoint_machine
from mlplatform.components.selection import awake
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.replicas import AutoscalingSpec

Refused = Callable[[EndpointSpec], object | None]
"""The value of an endpoint that is refused, or None."""

MAX_GOAL = 99.99
"""Highest objective, per cent,
https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives"""

MOST_CPU_START, MOST_GPU_START = 600, 1800
"""Longest start of a container without and with a GPU, seconds,
https://docs.cloud.google.com/run/docs/configuring/healthchecks; the API's reference still says 240"""

RESERVED = ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION")
"""Variables that Cloud Run sets itself, https://docs.cloud.google.com/run/docs/container-contract#env-vars"""


def _on_run(refused: Refused) -> Refused:
    """What is refused of Cloud Run's endpoints; those of Vertex AI have limits of their own."""
    return lambda endpoint: None if is_on_vertex(endpoint) else refused(endpoint)


def _metric(endpoint: EndpointSpec) -> str | None:
    metric = endpoint.autoscaling.metric
    return None if metric in ("concurrency", "cpu") else metric


def _target(endpoint: EndpointSpec) -> str | None:
    autoscaling = endpoint.autoscaling
    if autoscaling.metric not in ("concurrency", "cpu"):
        return None
    share = target_utilization(autoscaling, endpoint.max_concurrency)
    if MIN_UTILIZATION <= share <= MAX_UTILIZATION:
        return None
    return f"{autoscaling.target} of max_concurrency {endpoint.max_concurrency}"


def _cooldown(endpoint: EndpointSpec) -> int | None:
    seconds = endpoint.autoscaling.cooldown_seconds
    return None if seconds == AutoscalingSpec().cooldown_seconds else seconds


def _cpu(endpoint: EndpointSpec) -> str | None:
    size = endpoint.cpu
    if endpoint.accelerator or (size.vcpus <= MAX_CPUS and size.memory_gib <= MAX_MEMORY_GIB):
        return None
    return f"{size.vcpus} vCPUs, {size.memory_gib} GiB"


def _server(endpoint: EndpointSpec) -> str | None:
    if endpoint.server == "custom" or endpoint.image or endpoint.awaits_model or public_image(endpoint):
        return None
    missing = any(variant.image is None for variant in endpoint.all_variants())
    return endpoint.server if missing else None


def _environment(endpoint: EndpointSpec) -> str | None:
    # servers of their own image find their model by this variable
    return owned_variables(endpoint, {*RESERVED, *(("MODEL_PATH",) if endpoint.server == "custom" else ())})


def _start(endpoint: EndpointSpec) -> int | None:
    most = MOST_GPU_START if endpoint.accelerator else MOST_CPU_START
    return endpoint.longest_start if endpoint.longest_start > most else None


def _availability(endpoint: EndpointSpec) -> str | None:
    slo = endpoint.slo
    if slo is None or slo.availability_percent <= MAX_GOAL:
        return None
    return f"{slo.availability_percent:g}"


def _latency(endpoint: EndpointSpec) -> str | None:
    slo = endpoint.slo
    if slo is None or slo.latency_percent <= MAX_GOAL:
        return None
    return f"{slo.latency_percent:g}"


LIMITS: tuple[Limit, ...] = (
    endpoint_limit(
        "autoscaling.metric",
        "Cloud Run scales only by requests in flight and by CPU",
        'use autoscaling.metric "concurrency", whose target is requests in flight per replica, or "cpu"',
        _on_run(_metric),
    ),
    endpoint_limit(
        "autoscaling.target",
        "Cloud Run can target from 10 to 95 per cent of max_concurrency, or of the CPU",
        "set autoscaling.target between 10 and 95 per cent of max_concurrency, for example half of it",
        _on_run(_target),
    ),
    endpoint_limit(
        "autoscaling.cooldown_seconds",
        "Cloud Run removes idle instances within 15 minutes, and this time cannot be set",
        "omit autoscaling.cooldown_seconds",
        _on_run(_cooldown),
    ),
    endpoint_limit(
        "cpu",
        f"an instance of Cloud Run has at most {MAX_CPUS} vCPUs and {MAX_MEMORY_GIB} GiB",
        f"set cpu to at most {MAX_CPUS} vCPUs and {MAX_MEMORY_GIB} GiB, and raise replicas",
        _cpu,
    ),
    endpoint_limit(
        "server",
        "the server's public image runs on GPUs only",
        'set accelerator, for example "L4", or your own image',
        _on_run(_server),
    ),
    endpoint_limit(
        "env",
        "Cloud Run sets these variables itself, and the platform the path of the model",
        "use other names",
        _on_run(_environment),
    ),
    endpoint_limit(
        "startup_seconds",
        f"Cloud Run stops a container that does not answer within {MOST_CPU_START} seconds, or {MOST_GPU_START} with a "
        "GPU",
        f"set startup_seconds to at most {MOST_CPU_START}, or {MOST_GPU_START} with an accelerator, and use a smaller "
        "model or image",
        _on_run(_start),
    ),
    endpoint_limit(
        "slo.availability_percent",
        f"Cloud Monitoring accepts objectives up to {MAX_GOAL:g} per cent",
        f"lower it to {MAX_GOAL:g}",
        _availability,
    ),
    endpoint_limit(
        "slo.latency_percent",
        f"Cloud Monitoring accepts objectives up to {MAX_GOAL:g} per cent",
        f"lower it to {MAX_GOAL:g}",
        _latency,
    ),
    *vertex.LIMITS,
)
"""Fields of endpoints that GCP honours only in part."""


def hosts(endpoint: EndpointSpec, machine: GpuMachine) -> bool:
    """Whether the service of an endpoint has a machine."""
    return machine.machine_type.startswith(MACHINE_PREFIX) == is_on_vertex(endpoint)


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Machines, models, ports and names that an endpoint cannot have on GCP."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster":
            continue
        path = f"endpoints[{index}]"
        yield from _machine(path, endpoint, target, backend)
        yield from _models(path, endpoint, backend)
        if is_on_vertex(endpoint):
            yield from vertex.problems(path, endpoint, target, backend)
        else:
            yield from _port(path, endpoint, backend)
    yield from _names(spec, backend)


def _machine(path: str, endpoint: EndpointSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    if not endpoint.accelerator:
        return
    # whether it may sleep is a limit of its own, which says why
    choice = endpoint_machine(backend, target, path, awake(endpoint) if is_on_vertex(endpoint) else endpoint)
    if isinstance(choice, Problem):
        yield choice
    yield from cuda_problems(backend, path, endpoint, choice, CUDA_CODE.get(endpoint.server))


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
    taken = (SHADOW_PORT, ROUTE_PORT, *INTERNAL_PORTS)
    if endpoint.port in taken:
        yield backend.refuse(
            f"{path}.port",
            str(endpoint.port),
            f"a port that the router and the server do not use internally ({', '.join(map(str, taken))})",
            "omit port",
        )


def _names(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Endpoint `a` with variant `b`, and endpoint `a-b`, would have one service."""
    taken = {physical_name(spec, "grafana", RUN): "monitoring.grafana"} if spec.monitoring.grafana else {}
    for index, endpoint in enumerate(spec.endpoints):
        of_run = endpoint.on == "managed" and not is_on_vertex(endpoint)
        for name in service_names(spec, endpoint) if of_run else ():
            if name in taken:
                yield backend.refuse(
                    f"endpoints[{index}].name",
                    endpoint.name,
                    f"a name that no other service has: {taken[name]} already uses {name}",
                    "rename the endpoint or the variant",
                )
            taken.setdefault(name, f"endpoint '{endpoint.name}'")
