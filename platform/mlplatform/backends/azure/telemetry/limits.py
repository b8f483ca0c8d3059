"""Problems of telemetry on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.problems import service_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Managed Prometheus in regions that lack it; no list of Grafana's regions is published."""
    if spec.monitoring.prometheus:
        path = "monitoring.prometheus"
        yield from service_problems(backend, target, path, "True", "prometheus", f"set {path} to false")
