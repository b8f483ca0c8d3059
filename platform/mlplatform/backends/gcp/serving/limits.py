"""Limits of endpoints on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.gcp.serving.servers import public_image
from mlplatform.backends.gcp.serving.sizes import HIGHEST, LOWEST, MAX_CPUS, MAX_MEMORY_GIB, utilization
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.backend import Limit
from mlplatform.spec.endpoints import AutoscalingSpec, EndpointSpec
from mlplatform.spec.platform import PlatformSpec

MAX_GOAL = 99.99
"""Highest objective, per cent,
https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives"""

RESERVED = ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION")
"""Variables that Cloud Run sets itself, https://docs.cloud.google.com/run/docs/container-contract#env-vars"""

_Violation = Callable[[EndpointSpec], tuple[str, str] | None]


def _endpoints(find: _Violation) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            if found := find(endpoint):
                yield f"endpoints[{index}].{found[0]}", found[1]

    return violations


def _metric(endpoint: EndpointSpec) -> tuple[str, str] | None:
    metric = endpoint.autoscaling.metric
    return None if metric in ("concurrency", "cpu") else ("autoscaling.metric", metric)


def _target(endpoint: EndpointSpec) -> tuple[str, str] | None:
    scaling = endpoint.autoscaling
    if scaling.metric not in ("concurrency", "cpu"):
        return None
    share = utilization(scaling, endpoint.max_concurrency)
    if LOWEST <= share <= HIGHEST:
        return None
    return "autoscaling.target", f"{scaling.target} of max_concurrency {endpoint.max_concurrency}"


def _cooldown(endpoint: EndpointSpec) -> tuple[str, str] | None:
    seconds = endpoint.autoscaling.cooldown_seconds
    usual = AutoscalingSpec().cooldown_seconds
    return None if seconds == usual else ("autoscaling.cooldown_seconds", str(seconds))


def _gpus(endpoint: EndpointSpec) -> tuple[str, str] | None:
    wanted = endpoint.accelerator or ()
    if not wanted or any(Accelerator.parse(name).count == 1 for name in wanted):
        return None
    return "accelerator", ", ".join(wanted)


def _cpu(endpoint: EndpointSpec) -> tuple[str, str] | None:
    size = endpoint.cpu
    if endpoint.accelerator or (size.vcpus <= MAX_CPUS and size.memory_gib <= MAX_MEMORY_GIB):
        return None
    return "cpu", f"{size.vcpus} vCPUs, {size.memory_gib} GiB"


def _server(endpoint: EndpointSpec) -> tuple[str, str] | None:
    if endpoint.server == "custom" or endpoint.image or endpoint.awaits_model or public_image(endpoint):
        return None
    missing = any(variant.image is None for variant in endpoint.all_variants())
    return ("server", endpoint.server) if missing else None


def _environment(endpoint: EndpointSpec) -> tuple[str, str] | None:
    taken = sorted({*endpoint.env, *endpoint.secrets} & set(RESERVED))
    return ("env", ", ".join(taken)) if taken else None


def _availability(endpoint: EndpointSpec) -> tuple[str, str] | None:
    slo = endpoint.slo
    if slo is None or slo.availability_percent <= MAX_GOAL:
        return None
    return "slo.availability_percent", f"{slo.availability_percent:g}"


def _latency(endpoint: EndpointSpec) -> tuple[str, str] | None:
    slo = endpoint.slo
    if slo is None or slo.latency_percent <= MAX_GOAL:
        return None
    return "slo.latency_percent", f"{slo.latency_percent:g}"


def _endpoint_limit(field: str, reason: str, alternative: str, find: _Violation) -> Limit:
    return Limit(f"endpoints.{field}", "partial", reason, alternative, _endpoints(find))


LIMITS: tuple[Limit, ...] = (
    _endpoint_limit(
        "autoscaling.metric",
        "Cloud Run scales only by requests in flight and by CPU",
        'use autoscaling.metric "concurrency", whose target is requests in flight per replica, or "cpu"',
        _metric,
    ),
    _endpoint_limit(
        "autoscaling.target",
        "Cloud Run can target from 10 to 95 per cent of max_concurrency, or of the CPU",
        "set autoscaling.target between 10 and 95 per cent of max_concurrency, for example half of it",
        _target,
    ),
    _endpoint_limit(
        "autoscaling.cooldown_seconds",
        "Cloud Run removes idle instances within 15 minutes, and this time cannot be set",
        "omit autoscaling.cooldown_seconds",
        _cooldown,
    ),
    _endpoint_limit(
        "accelerator",
        "an instance of Cloud Run has one GPU",
        'use "L4" or "RTX-PRO-6000", or serve from a GPU pool of the cluster',
        _gpus,
    ),
    _endpoint_limit(
        "cpu",
        f"an instance of Cloud Run has at most {MAX_CPUS} vCPUs and {MAX_MEMORY_GIB} GiB",
        f"set cpu to at most {MAX_CPUS} vCPUs and {MAX_MEMORY_GIB} GiB, and raise replicas",
        _cpu,
    ),
    _endpoint_limit(
        "server",
        "the server's public image runs on GPUs only",
        'set accelerator, for example "L4", or your own image',
        _server,
    ),
    _endpoint_limit("env", "Cloud Run itself sets these variables", "use other names", _environment),
    _endpoint_limit(
        "slo.availability_percent",
        f"Cloud Monitoring accepts objectives up to {MAX_GOAL:g} per cent",
        f"lower it to {MAX_GOAL:g}",
        _availability,
    ),
    _endpoint_limit(
        "slo.latency_percent",
        f"Cloud Monitoring accepts objectives up to {MAX_GOAL:g} per cent",
        f"lower it to {MAX_GOAL:g}",
        _latency,
    ),
)
"""Fields of endpoints that GCP honours only in part."""
