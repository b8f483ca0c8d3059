"""What Azure cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.pipelines.job_problems import job_problems
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.monitor_problems import managed_monitors
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Fields of monitors that Azure does not honour, or in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the job may not pull, and a network without a place for jobs."""
    for path, monitor in managed_monitors(spec):
        yield from job_problems(spec, target, backend, monitor.image, path, "monitor")
