"""What AWS cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.limits import image_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.monitor_problems import CLUSTER_MONITORS, managed_monitors, size_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (CLUSTER_MONITORS,)
"""Fields of monitors that AWS does not honour, or in part."""

_MOST = 64 * 1024
"""A task definition, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html (2026-11)"""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the task may not pull, and documents that its definition does not hold."""
    del target
    for path, monitor in managed_monitors(spec):
        yield from image_problems(backend, spec, monitor.image, f"{path}.image", "the monitor's")
    yield from size_problems(spec, backend, _MOST, "a task definition", quoted=True)
