"""How a person or CI puts a message into the door's queue. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.naming import QUEUE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def door_command(spec: PlatformSpec, message: str) -> tuple[str, ...]:
    """The command of AWS's command line, with the caller's own rights.

    Args:
        spec: narrowed to the target.
        message: the message, JSON.
    """
    target = target_of(spec, AwsTarget)
    queue = physical_name(spec, "door", QUEUE)
    url = f"https://sqs.{target.region}.{target.dns_suffix}/{target.account_id}/{queue}"
    return ("aws", "sqs", "send-message", "--region", target.region, "--queue-url", url, "--message-body", message)
