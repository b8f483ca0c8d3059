"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class CpuSpec(TypedDict):
    """The size of a CPU replica; the smallest machine that fits is used."""

    vcpus: NotRequired[int]
    """vCPUs of one replica."""

    memory_gib: NotRequired[int]
    """Memory of one replica, GiB."""


class AutoscalingSpec(TypedDict):
    """The load of one replica at which another is added."""

    metric: NotRequired[str]
    """Requests per minute and replica, concurrent requests per replica, or utilisation in percent.

    One of requests, concurrency, cpu, gpu.
    """

    target: NotRequired[int]
    """The target value, in the metric's unit."""

    cooldown_seconds: NotRequired[int]
    """Waiting time before replicas are removed, seconds."""
