"""What AWS cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.limits import task_image_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.monitor_problems import managed_monitors
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_FILTERS = 5
"""Filters of a monitor's log: three alerts, its looks, and its figures."""

_MOST_INSIDE = 100 // _FILTERS
"""Monitors on the cluster, https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""

LIMITS: tuple[Limit, ...] = ()
"""Fields of monitors that AWS does not honour, or in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the task does not reach, or may not pull: a public one needs a way out alone."""
    del target
    inside = [each for each in spec.endpoints if each.monitor and each.monitor.on == "cluster"]
    if len(inside) > _MOST_INSIDE:
        yield backend.refuse(
            "endpoints",
            f"{len(inside)} monitors on the cluster",
            f"at most {_MOST_INSIDE}: the log of all pods has at most 100 filters, and each monitor needs {_FILTERS}",
            "leave `on` out for the others: a job of the cloud has a log of its own",
        )
    for path, monitor in managed_monitors(spec):
        yield from task_image_problems(backend, spec, monitor.image, f"{path}.image", "the monitor's")
