"""How a person or CI puts a message into the door's queue. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def door_command(spec: PlatformSpec, message: str) -> tuple[str, ...]:
    """The command of Google's command line, with the caller's own rights.

    Args:
        spec: narrowed to the target.
        message: the message, JSON.
    """
    target = target_of(spec, GcpTarget)
    topic = physical_name(spec, "door-inbox", LONG)
    return ("gcloud", "pubsub", "topics", "publish", topic, "--project", target.project, f"--message={message}")
