"""Values in messages: short, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import cast

MAX_ECHO = 80
"""Maximum characters of a value in a message."""

HIDDEN = "[secret]"
"""Placeholder of a hidden value."""

_SECRET_FIELD = r"(?i)secret|token|password|passwd|passphrase|credential|api_?key|private_?key|webhook"
_SECRET_VALUE = (
    r"-----BEGIN[A-Z ]+|\b(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"
    r"|\bxox[abeoprs]-[\w-]{8,}|\bsk-[\w-]{20,}|\bAIza[\w-]{30,}|\beyJ[\w-]{10,}\.[\w.-]{10,}"
    r"|https?://hooks\.slack\.com/\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|\bpul-[0-9a-f]{20,}"
    r"|[?&](?:sig|token|key|secret|password)=[^&\s'\"]+|(?<![A-Za-z0-9:])[A-Za-z0-9+]{40,}={0,2}"
)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)  # on first use: most runs refuse nothing


def one_line(text: str, limit: int = MAX_ECHO) -> str:
    """The text as one line of at most `limit` characters, without control characters."""
    line = "".join(c if c.isprintable() else " " for c in text[: limit * 4])
    line = re.sub(r"\s+", " ", line).strip()
    return line if len(line) <= limit and len(text) <= limit * 4 else f"{line[: limit - 1]}…"


def hide_secrets(text: str) -> str:
    """The text with everything hidden that looks like a credential."""
    return _pattern(_SECRET_VALUE).sub(HIDDEN, text)


def shown_value(value: object, location: Sequence[int | str] = ()) -> str:
    """A value as messages show it.

    Args:
        value: the value in the spec.
        location: its location; a field or key named like a secret hides its value, and so does a container's
            environment.
    """
    if isinstance(value, dict):
        size = len(cast("dict[object, object]", value))
        return f"a mapping with {size} {'key' if size == 1 else 'keys'}" if size else "an empty mapping"
    if isinstance(value, list | tuple):
        value = cast("Sequence[object]", value)
        if not all(isinstance(item, int | float | str) for item in value):
            return f"a list of {len(value)}"
    secret = any(isinstance(part, str) and _pattern(_SECRET_FIELD).search(part) for part in location)
    # the former name too: its values are as secret as before
    if secret or not {"env", "environment"}.isdisjoint(location[1:]):
        return HIDDEN
    if value is None:
        return "nothing"
    if isinstance(value, str | int | float | list | tuple):
        return one_line(hide_secrets(repr(cast("object", value))))
    return f"a value of type {type(value).__name__}"
