"""The parts of other clouds' packages that run in containers: the door of pipelines, and what sends messages to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import cast

GROUP = "mlplatform.doors"
"""The group of entry points by which another cloud's package names the module with its part of the door."""

Sender = Callable[[str, str, Mapping[str, str]], None]
"""Puts a message into a queue: its address, the message, the environment of the process."""


def door_module(cloud: str) -> object | None:
    """The module of an installed package that has a cloud; None where there is none.

    Args:
        cloud: name of the cloud.
    """
    return next((point.load() for point in entry_points(group=GROUP, name=cloud)), None)


def sender_of(inbox: str) -> Sender | None:
    """What sends to a queue of another cloud; None where no installed package knows its address.

    Args:
        inbox: address of the queue.
    """
    for point in entry_points(group=GROUP):
        module: object = point.load()
        takes = cast("Callable[[str], bool] | None", getattr(module, "takes", None))
        if takes and takes(inbox):
            return cast("Sender", getattr(module, "send"))  # noqa: B009 - any package's module
    return None
