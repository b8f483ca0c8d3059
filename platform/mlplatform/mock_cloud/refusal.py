"""The refusals of a cloud: the exception, its text in the cloud's words, and the record of those that were final."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mlplatform.mock_cloud.rules.error import CloudError

Operation = Literal["create", "update", "delete"]


class CloudRefused(Exception):
    """A call that failed.

    Args:
        code: the cloud's own error code.
        message: the cloud's words.
        cause: the usual cause and what to do, for people.
        retryable: True if the real provider retries after such an answer.
        source: vendor page about it.
    """

    def __init__(self, code: str, message: str, cause: str = "", *, retryable: bool = False, source: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.cause = cause
        self.retryable = retryable
        self.source = source


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call whose refusal was final."""

    op: str
    """`create`, `update` or `delete`."""

    token: str
    """Type token."""

    name: str
    """Logical name."""

    refused: CloudRefused
    """The refusal."""


def word_refusal(
    error: CloudError, token: str, name: str, id_: str, user: str = "", *, cause: str = "", retryable: bool = False
) -> CloudRefused:
    """A refusal in the cloud's words, with the placeholders of its message filled in.

    Args:
        error: the row of the cloud's tables.
        token: type of the resource.
        name: logical name of the resource.
        id_: id of the resource.
        user: whatever uses the resource.
        cause: takes precedence over the cause in the row.
        retryable: True if the real provider retries.
    """
    kind = token.rpartition(":")[2]
    values = {"id": id_, "name": name, "kind": kind, "user": user, "words": _words(kind)}
    # messages hold JSON now and then, so only known names in braces are filled in
    message = re.sub(r"\{(\w+)\}", lambda match: values.get(match.group(1), match.group(0)), error.message)
    return CloudRefused(error.code, message, cause or error.cause, retryable=retryable, source=error.source)


def _words(kind: str) -> str:
    """`LaunchTemplate` as `launch template`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()
