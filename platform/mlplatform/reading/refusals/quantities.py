"""The number that a text means: with a unit, a percent sign or thousands in groups, in the unit of its field."""

from __future__ import annotations

import re
from datetime import timedelta

from mlplatform.reading.describe.shape import Location

_TIME = {"ms": 0.001, "second": 1, "minute": 60, "hour": 3600, "day": 86400}
_TIME_WORDS = {
    "s": 1, "sec": 1, "secs": 1, "m": 60, "min": 60, "mins": 60, "h": 3600, "hr": 3600, "hrs": 3600, "d": 86400,
    "w": 604800, "week": 604800, "ms": 0.001, "msec": 0.001, "millisecond": 0.001,
}  # fmt: skip
_SIZE = {"mib": 1, "gib": 1024}
_SIZE_WORDS = {"m": 1, "g": 1024, "t": 1024 * 1024}
_MONEY = frozenset({"", "$", "usd", "us$", "dollar", "dollars"})
_THOUSANDS = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_FORM = re.compile(r"(us\$|\$)?\s*(\d+(?:[.,]\d+)*)\s*([a-z$%]*)")
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)(?:\s*(?:,|and)?\s*)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_ISO = re.compile(r"p(?:(\d{1,9})d)?(?:t(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?)?")


def meant_number(value: object, location: Location) -> int | None:
    """The whole number that a value means in its field; None where none is plain.

    Args:
        value: the refused value, such as `2h`, `1h30m`, `100Gi`, `10%`, `$2,000` or 0.9.
        location: of the field, whose last word names its unit: `bake_minutes`, `disk_gib`, `traffic_percent`.
    """
    amount = _amount(value, location)
    return None if amount is None else _whole(amount)


def meant_duration(value: object, location: Location) -> tuple[float, str] | None:
    """A time that is no whole number in the unit of its field, and that unit: `90m` in hours is 1.5.

    Args:
        value: as of `meant_number`.
        location: as of `meant_number`.
    """
    unit = _unit(location)
    amount = _amount(value, location) if unit in _TIME and unit != "ms" else None
    return (amount, f"{unit}s") if amount and _whole(amount) is None else None


def _unit(location: Location) -> str:
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    last = name.rpartition("_")[2]
    return last if last in _TIME else last.removesuffix("s")


def _amount(value: object, location: Location) -> float | None:
    unit = _unit(location)
    if isinstance(value, timedelta) and unit in _TIME:
        return value.total_seconds() / _TIME[unit]
    if isinstance(value, float):
        if unit in _TIME:
            return value if value > 0 else None
        return value * 100 if unit == "percent" and 0 < value <= 1 else None
    if not isinstance(value, str):
        return None
    text = value.strip().lower().replace("_", "")
    if unit in _TIME and (seconds := _seconds(text)):
        return seconds / _TIME[unit]
    found = _FORM.fullmatch(text)
    number = _plain(found[2]) if found else None
    if found is None or number is None:
        return None
    before, word = found[1] or "", found[3]
    if unit == "usd":
        return number * _THOUSANDS.get(word, 1) if word in (*_MONEY, *_THOUSANDS) else None
    if before:
        return None
    if unit == "percent":
        return number if word in ("", "%") else None
    if unit in _SIZE and (size := _SIZE_WORDS.get(re.sub(r"i?b?$", "", word), 0)):
        return number * size / _SIZE[unit]
    return None if word else number


def _seconds(text: str) -> float | None:
    """The seconds of a duration: `2h`, `1h30m`, `1 hour and 30 minutes`, `1:30`, `PT1H30M`; None for another text."""
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    if (found := _ISO.fullmatch(text)) and any(found.groups()):
        return sum(int(part or 0) * size for part, size in zip(found.groups(), (86400, 3600, 60, 1), strict=True))
    total, at = 0.0, 0
    for part in _PART.finditer(text):
        size = _TIME_WORDS.get(part[2]) or _TIME_WORDS.get(part[2].removesuffix("s")) or _TIME.get(part[2].rstrip("s"))
        if part.start() != at or not size:
            return None
        total, at = total + float(part[1]) * size, part.end()
    return total if at and at == len(text) else None


def _plain(text: str) -> float | None:
    """The number of a text with digits in groups of three, or with a part behind a point."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d+)?", text) else None


def _whole(number: float) -> int | None:
    nearest = round(number)
    return nearest if nearest and abs(number - nearest) < 1e-6 else None
