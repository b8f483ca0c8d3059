"""Values in messages: short, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import cast

from mlplatform.reading.unordered import Unordered
from mlplatform.secret_text import HIDDEN as HIDDEN
from mlplatform.secret_text import hide_secret_forms

MAX_ECHO = 80
"""Maximum characters of a value in a message."""

_SECRET_FIELD = r"(?i)secret|token|password|passwd|passphrase|credential|api_?key|private_?key|webhook"
_UNKNOWN_FORM = r"(?<![A-Za-z0-9:])(?!(?:[0-9a-f]{40}|[0-9a-f]{64})\b)[A-Za-z0-9+]{40,}={0,2}"
"""Long random text, which may be a secret without a form of its own; commits and digests are none."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)  # on first use: most runs refuse nothing


def one_line(text: str, limit: int = MAX_ECHO) -> str:
    """The text as one line of at most `limit` characters, without control characters."""
    line = "".join(c if c.isprintable() else " " for c in text[: limit * 4])
    line = re.sub(r"\s+", " ", line).strip()
    return line if len(line) <= limit and len(text) <= limit * 4 else f"{line[: limit - 1]}…"


def hide_secrets(text: str) -> str:
    """The text of a message, with everything hidden that looks like a credential."""
    return _pattern(_UNKNOWN_FORM).sub(HIDDEN, hide_secret_forms(text))


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
    if isinstance(value, Unordered):
        return one_line(hide_secrets(str(value)))
    if isinstance(value, type):
        return f"the class {value.__name__} itself"
    return f"a value of type {type(value).__name__}"
