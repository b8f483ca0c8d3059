"""The ways in which a setting becomes weaker. Each compares two plain values; `MISSING` stands for an omitted one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol, cast

from mlplatform.plan.model import Value


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()
"""The value of an input that is not set."""
FOREVER: Final = float("inf")

_UNITS = {"s": 1 / 86_400, "m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0, "y": 365.0, "%": 1.0}
_DURATION = re.compile(r"(-?\d{1,15}(?:\.\d{1,9})?) ?([smhdwy%]?)")
_ISO = re.compile(r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
                  r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?")  # fmt: skip
_ISO_DAYS = (365, 30, 7, 1, 1 / 24, 1 / 1440, 1 / 86_400)


class Direction(Protocol):
    """Decides whether a setting becomes weaker."""

    def weaker(self, before: Value, after: Value) -> bool:
        """Whether `after` guards less than `before`; both are known, or `MISSING`."""
        ...


@dataclass(frozen=True, slots=True)
class Off:
    """It had one of the strong values, and has none any more."""

    strong: tuple[str, ...] = ("true", "enabled", "on")
    """Strong values in lower case."""

    default: str = ""
    """The value where it is omitted, in lower case. Omitted: omitting it is weak."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return _word(before, self.default) in self.strong and _word(after, self.default) not in self.strong


@dataclass(frozen=True, slots=True)
class On:
    """It gets one of the weak values."""

    weak: tuple[str, ...] = ("true", "enabled", "on")
    """Weak values in lower case."""

    default: str = ""
    """The value where it is omitted, in lower case. Omitted: omitting it is not weak."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return _word(before, self.default) not in self.weak and _word(after, self.default) in self.weak


@dataclass(frozen=True, slots=True)
class Ranked:
    """Its values are ordered, and it gets one of a lower place."""

    order: tuple[str, ...]
    """All values in lower case, the weakest first; a value that is not listed is not compared."""

    default: str = ""
    """The value where it is omitted. Omitted: omitting it is weaker than all."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        old, new = self._place(before), self._place(after)
        return old is not None and new is not None and new < old

    def _place(self, value: Value) -> int | None:
        word = _word(value, self.default)
        return self.order.index(word) if word in self.order else -1 if value is MISSING else None


@dataclass(frozen=True, slots=True)
class Less:
    """A number, or a duration, becomes smaller."""

    default: float | None = 0
    """The value where it is omitted; None where the cloud chooses, which is not compared."""

    forever: tuple[float, ...] = ()
    """Numbers that mean that there is no end."""

    share: float = 1
    """It counts below this share of the former value: 0.5 for half."""

    floor: float = FOREVER
    """It counts only where the new value is below this: 2 for the last spare one."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        old, new = (self._number(value) for value in (before, after))
        return old is not None and new is not None and new < old * self.share and new < self.floor

    def _number(self, value: Value) -> float | None:
        found = self.default if value is MISSING else number(value)
        return FOREVER if found in self.forever else found


@dataclass(frozen=True, slots=True)
class More:
    """A number, or a duration, becomes larger."""

    default: float | None = None
    """The value where it is omitted; None where the cloud chooses, which is not compared."""

    times: float = 1
    """It counts above this multiple of the former value."""

    unlimited: tuple[float, ...] = ()
    """Numbers that mean that there is no bound."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        old, new = (self._number(value) for value in (before, after))
        return old is not None and new is not None and new > old * self.times

    def _number(self, value: Value) -> float | None:
        found = self.default if value is MISSING else number(value)
        return FOREVER if found in self.unlimited else found


@dataclass(frozen=True, slots=True)
class Gone:
    """It was set, and is not any more."""

    empty: tuple[str, ...] = ("", "none", "null", "0")
    """Values in lower case that mean the same as an omitted one."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return not self._is_empty(before) and self._is_empty(after)

    def _is_empty(self, value: Value) -> bool:
        if isinstance(value, dict | list):
            return not value and bool(self.empty)
        return value is MISSING or _word(value, "") in self.empty


@dataclass(frozen=True, slots=True)
class Appears:
    """It was not set, and is now."""

    empty: tuple[str, ...] = ("", "none", "null", "0", "false", "disabled", "off")
    """Values in lower case that mean the same as an omitted one. None: also an empty block counts as set."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return Gone(self.empty).weaker(after, before)


@dataclass(frozen=True, slots=True)
class Differs:
    """It was set, and has another value now: what went there goes elsewhere."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return before is not MISSING and after is not MISSING and before != after


@dataclass(frozen=True, slots=True)
class Earlier:
    """A date becomes an earlier one, or is set where there was none."""

    none_is_never: bool = True
    """Omitted means that the date never comes. False: omitted is the earliest of all."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        old, new = self._date(before), self._date(after)
        return old is not None and new is not None and new < old

    def _date(self, value: Value) -> float | None:
        if value is MISSING:
            return FOREVER if self.none_is_never else -FOREVER
        return date(value)


@dataclass(frozen=True, slots=True)
class Later:
    """A date becomes a later one: more is older than it."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        old = -FOREVER if before is MISSING else date(before)
        new = -FOREVER if after is MISSING else date(after)
        return old is not None and new is not None and new > old


@dataclass(frozen=True, slots=True)
class Fewer:
    """A list loses an item, also where another takes its place."""

    items: tuple[str, ...] = ()
    """Only these items count, in lower case. Omitted: any."""

    number: bool = False
    """Whether only the number counts: another item may take a place."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`: both are lists without the items that they share."""
        if self.number and len(_list(after)) >= len(_list(before)):
            return False
        return any(self._counts(item) for item in _list(before))

    def _counts(self, item: object) -> bool:
        return not self.items or str(item).lower() in self.items


@dataclass(frozen=True, slots=True)
class Extra:
    """A list gains an item."""

    items: tuple[str, ...] = ()
    """Only these items count, in lower case. Omitted: any."""

    fields: tuple[tuple[str, str], ...] = ()
    """Only objects with one of these fields and values count, in lower case. Omitted: any."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`: both are lists without the items that they share."""
        del before
        return any(self._counts(item) for item in _list(after))

    def _counts(self, item: object) -> bool:
        if self.fields:
            found = {(str(key).lower(), str(value).lower()) for key, value in _fields(item)}
            return any(field in found for field in self.fields)
        return not self.items or str(item).lower() in self.items


LISTS = (Fewer, Extra)
"""Directions that compare lists as a whole."""


def number(value: Value) -> float | None:
    """A number unchanged, a duration in days; None where it is neither. They are only compared with their like."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if value == value and abs(value) < 1e18 else None
    text = str(value).strip()
    if found := _DURATION.fullmatch(text.lower()):
        return float(found[1]) * _UNITS.get(found[2], 1)
    if found := _ISO.fullmatch(text.upper()):
        return sum(int(part or 0) * days for part, days in zip(found.groups(), _ISO_DAYS, strict=True))
    return None


def date(value: Value) -> float | None:
    """A date as seconds; None where it is none."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _word(value: Value, default: str) -> str:
    return default if value is MISSING or value is None else str(value).lower()


def _list(value: Value) -> list[object]:
    return list(cast("list[object]", value)) if isinstance(value, list | tuple) else [] if value is MISSING else [value]


def _fields(value: object) -> Iterable[tuple[str, object]]:
    return cast("dict[str, object]", value).items() if isinstance(value, dict) else ()
