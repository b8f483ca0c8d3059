"""Reads values of a step's inputs for cost rules: missing, unknown and unreadable ones have a default."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import cast

from mlplatform.plan.model import UNKNOWN, Value


def value_at(value: Value, *path: str | int) -> Value:
    """A nested value of inputs; None where it is missing or unknown."""
    for key in path:
        if isinstance(value, Mapping) and isinstance(key, str):
            value = cast("Mapping[str, Value]", value).get(key)
        elif isinstance(value, list | tuple) and isinstance(key, int):
            items = cast("list[Value]", value)
            value = items[key] if key < len(items) else None
        else:
            return None
    return None if value == UNKNOWN else value


def as_number(value: Value, default: float = 0.0) -> float:
    """A value as a number, also from text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return default
    return amount if isfinite(amount) else default


def as_text(value: Value) -> str:
    """A value as text; empty where it is no text or unknown."""
    return value if isinstance(value, str) and value != UNKNOWN else ""


def as_entries(value: Value) -> tuple[tuple[str, Value], ...]:
    """The entries of a mapping; none for another value."""
    if not isinstance(value, Mapping):
        return ()
    return tuple(cast("Mapping[str, Value]", value).items())


def as_items(value: Value) -> tuple[Value, ...]:
    """The items of a list; none for another value."""
    return tuple(cast("list[Value]", value)) if isinstance(value, list | tuple) else ()
