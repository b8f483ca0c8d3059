"""Values of a plan in sentences for people: short, and of harmless characters only."""

from __future__ import annotations

import re

MAX = 60
"""Characters; longer values are cut."""


def shown(value: object) -> str:
    """A value as a reason may show it; never a secret, which resources do not hand out."""
    text = re.sub(r"[^A-Za-z0-9 ._:/*@=,+-]", "?", str(value).lower() if isinstance(value, bool) else str(value))
    return f"'{text[: MAX - 1]}…'" if len(text) > MAX else f"'{text}'"
