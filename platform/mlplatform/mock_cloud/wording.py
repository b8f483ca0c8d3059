"""Fills a cloud's error messages in."""

from __future__ import annotations

import re

from mlplatform.mock_cloud.refused import CloudRefused
from mlplatform.mock_cloud.rules.base import Error


def refusal(
    error: Error, token: str, name: str, id_: str, user: str = "", *, cause: str = "", retryable: bool = False
) -> CloudRefused:
    """A refusal in the cloud's words.

    token, name, id_: the resource it is about. user: what uses it. cause: wins over the error's own.
    """
    kind = token.rpartition(":")[2]
    values = {"id": id_, "name": name, "kind": kind, "user": user, "words": _words(kind)}
    # messages hold JSON now and then, so only known names in braces are filled in
    message = re.sub(r"\{(\w+)\}", lambda match: values.get(match.group(1), match.group(0)), error.message)
    return CloudRefused(error.code, message, cause or error.cause, retryable=retryable, source=error.source)


def _words(kind: str) -> str:
    """`LaunchTemplate` as `launch template`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()
