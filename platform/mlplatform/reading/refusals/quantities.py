"""The number that a text means: with a unit, a percent sign or thousands in groups, in the unit of its field."""

from __future__ import annotations

import re

from mlplatform.reading.describe.shape import Location

_TIME = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_TIME_WORDS = {
    "s": 1, "sec": 1, "secs": 1, "m": 60, "min": 60, "mins": 60, "h": 3600, "hr": 3600, "hrs": 3600, "d": 86400,
    "w": 604800, "week": 604800,
}  # fmt: skip
_SIZE = {"mib": 1, "gib": 1024}
_SIZE_WORDS = {"m": 1, "g": 1024, "t": 1024 * 1024}
_MONEY = frozenset({"", "$", "usd", "us$", "dollar", "dollars"})
_FORM = re.compile(r"(us\$|\$)?\s*(\d+(?:[.,]\d+)*)\s*([a-z$%]*)")


def meant_number(value: object, location: Location) -> int | None:
    """The whole number that a value means in its field; None where none is plain.

    Args:
        value: the refused value, such as `2h`, `100Gi`, `10%`, `$2,000` or 0.9.
        location: of the field, whose last word names its unit: `bake_minutes`, `disk_gib`, `traffic_percent`.
    """
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    unit = name.rpartition("_")[2].removesuffix("s")
    if isinstance(value, float):
        return _whole(value * 100) if unit == "percent" and 0 < value <= 1 else None
    found = _FORM.fullmatch(value.strip().lower().replace("_", "")) if isinstance(value, str) else None
    number = _plain(found[2]) if found else None
    if found is None or number is None:
        return None
    before, word = found[1] or "", found[3]
    if unit == "usd":
        return _whole(number) if word in _MONEY else None
    if before:
        return None
    if unit == "percent":
        return _whole(number) if word in ("", "%") else None
    if unit in _TIME:
        seconds = _TIME_WORDS.get(word) or _TIME.get(word.removesuffix("s"), 0)
        return _whole(number * seconds / _TIME[unit]) if seconds else _only(number, word)
    if unit in _SIZE:
        size = _SIZE_WORDS.get(re.sub(r"i?b?$", "", word), 0)
        return _whole(number * size / _SIZE[unit]) if size else _only(number, word)
    return _only(number, word)


def _plain(text: str) -> float | None:
    """The number of a text with digits in groups of three, or with a part behind a point."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d+)?", text) else None


def _only(number: float, word: str) -> int | None:
    return None if word else _whole(number)


def _whole(number: float) -> int | None:
    nearest = round(number)
    return nearest if nearest and abs(number - nearest) < 1e-6 else None
