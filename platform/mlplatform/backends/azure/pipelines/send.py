"""How a person or CI puts a message into the door's queue. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.spec.platform import PlatformSpec

QUEUE = "door"
"""Name of the queue in the door's own storage account."""


def door_command(spec: PlatformSpec, message: str) -> tuple[str, ...]:
    """The command of Azure's command line, with the caller's own rights.

    Args:
        spec: narrowed to the target.
        message: the message, JSON.
    """
    account = physical_name(spec, "storage-account", "door")
    words = ("az", "storage", "message", "put", "--account-name", account, "--queue-name", QUEUE)
    return (*words, "--auth-mode", "login", "--content", message)
