"""Problems of telemetry on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.components.problems import service_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Managed Grafana and Prometheus in regions that lack them."""
    for service, wanted in (("grafana", spec.monitoring.grafana), ("prometheus", spec.monitoring.prometheus)):
        if wanted:
            path = f"monitoring.{service}"
            yield from service_problems(backend, target, path, "True", service, f"set {path} to false")
