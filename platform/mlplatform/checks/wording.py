"""Values of a plan for sentences: short, and only with harmless characters."""

from __future__ import annotations

import re

MAX = 60
"""Maximum of characters; longer values are cut."""


def shown(value: object) -> str:
    """A value for a reason; never a secret, which resources do not reveal."""
    text = re.sub(r"[^A-Za-z0-9 ._:/*@=,+()-]", "?", str(value).lower() if isinstance(value, bool) else str(value))
    return f"'{text[: MAX - 1]}…'" if len(text) > MAX else f"'{text}'"
