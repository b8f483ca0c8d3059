"""Waits until a new right is in effect, on every cloud.

A cloud answers that a right is granted before all of its services know. Most providers retry what is refused until
then; some do not, and the first `up` of an empty account fails. A grant that such a resource needs counts as made only
after the wait: whatever depends on it comes later. Later runs wait for nothing, because a hook runs only where the
engine creates the grant.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pulumi
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import monitor_supports_feature

REHEARSED = "MLPLATFORM_REHEARSED_WAITS"
"""Variable with the path of a file. Where it is set, a wait takes no time: the id of its grant is added to the file."""


def wait_after_creation(seconds: int) -> pulumi.ResourceHookBinding | None:
    """A hook that waits after a resource was created; never in a preview, an update or a refresh.

    Args:
        seconds: how long.

    Returns:
        The hook; None where the engine has no hooks (`pulumi` before 3.182): a second `up` may be necessary there.
    """

    async def wait(created: pulumi.ResourceHookArgs) -> None:
        rehearsed = os.environ.get(REHEARSED)
        if rehearsed:
            with Path(rehearsed).open("a", encoding="utf-8") as file:
                file.write(f"{created.id}\n")
            return
        pulumi.log.info(f"waiting {seconds} s until {created.name} is in effect")
        await asyncio.sleep(seconds)

    if not supports_hooks():
        return None
    return pulumi.ResourceHookBinding(after_create=[wait])


def supports_hooks() -> bool:
    """True if the engine runs hooks."""
    return monitor_supports_feature(resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS)
