"""What AWS cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.limits import task_image_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.monitor_problems import managed_monitors
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Fields of monitors that AWS does not honour, or in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the task does not reach, or may not pull: a public one needs a way out alone."""
    del target
    for path, monitor in managed_monitors(spec):
        yield from task_image_problems(backend, spec, monitor.image, f"{path}.image", "the monitor's")
