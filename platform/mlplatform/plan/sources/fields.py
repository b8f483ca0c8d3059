"""Reads fields of foreign documents: missing values and values of another type count as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast


def mapping(value: object) -> Mapping[str, object]:
    """The value where it is an object, otherwise an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value where it is a list, otherwise an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is text, otherwise empty text."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list, in its order."""
    return tuple(item for item in items(value) if isinstance(item, str))


def whole_number(value: object) -> int:
    """The value where it is a number, otherwise 0."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0
