"""A program of the platform that a cloud starts at hours of the day: a monitor, or what fills features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlplatform.fast.record import record

if TYPE_CHECKING:
    import pulumi


@record(kw_only=True)
class HourlyProgram:
    """What is started, and when, alike on every cloud."""

    name: str
    """What it is called in physical names: `fill`."""

    container: str
    """Name of its container."""

    image: str
    """The image with the program."""

    command: tuple[str, ...]
    """The program."""

    environment: Mapping[str, pulumi.Input[str]]
    """What it is told; the cloud adds what every program of it needs."""

    vcpus: int
    """Processors, where the cloud does not derive them from the memory."""

    memory_gib: int
    """Memory, GiB."""

    hours_of_day: tuple[int, ...]
    """The hours, UTC, at which it starts."""

    every_hours: int
    """Hours from one start to the next."""

    about: str
    """What it is, for people, as `the job that …`."""

    purpose: str
    """What a start is for, for people, as a sentence without a period."""

    field: str
    """Path of the field of the spec that names its image."""

    log: str = ""
    """End of the name of its log, where it has one of its own. Omitted: `name`."""

    workers: int = 1
    """How many of it start together; each is told which one it is, or they find out."""

    scratch: bool = False
    """Whether it has an empty folder /tmp. Omitted: it writes no files."""

    @property
    def longest_seconds(self) -> int:
        """Longest run, seconds: it ends before the next one starts."""
        return longest_seconds(self.every_hours)

    @property
    def hours(self) -> str:
        """The hours as the clouds' schedules have them: `0,6,12,18`."""
        return ",".join(map(str, self.hours_of_day))


def longest_seconds(every_hours: int) -> int:
    """Longest run of a program that starts every so many hours, seconds.

    Args:
        every_hours: hours from one start to the next.
    """
    return min(every_hours * 3600 - 300, 6 * 3600)
