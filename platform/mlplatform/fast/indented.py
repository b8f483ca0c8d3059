"""JSON text with two spaces per level, as `json.dumps(value, indent=2)` writes it.

Python's own encoder in C writes no indented text; the one in Python hands each piece through one generator per level.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii as quoted
from math import isfinite
from typing import Any, cast

from mlplatform.fast.switch import plain_requested

_STEP = "  "
_CONSTANTS = {None: "null", True: "true", False: "false"}


class _Other(Exception):
    """A value that is left to Python's encoder, which may refuse it."""


def indented(value: object) -> str:
    """The same text as `json.dumps(value, indent=2)`; the same errors too."""
    if plain_requested():
        return json.dumps(value, indent=2)
    try:
        return _text(value, "\n")
    except (_Other, RecursionError):
        return json.dumps(value, indent=2)


def _text(value: object, line: str) -> str:
    kind = type(value)
    if kind is str:
        return quoted(cast("str", value))
    if kind is dict:
        return _object(cast("dict[Any, Any]", value), line)
    if kind is list or kind is tuple:
        items = cast("list[Any]", value)
        inner = line + _STEP
        return f"[{inner}{f',{inner}'.join([_text(item, inner) for item in items])}{line}]" if items else "[]"
    if kind is float and isfinite(cast("float", value)):
        return float.__repr__(cast("float", value))
    if kind is int:
        return int.__repr__(cast("int", value))
    if kind is bool or value is None:
        return _CONSTANTS[cast("bool | None", value)]
    raise _Other


def _object(fields: dict[Any, Any], line: str) -> str:
    if not fields:
        return "{}"
    inner = line + _STEP
    parts: list[str] = []
    for name, value in fields.items():
        if type(name) is not str:
            raise _Other
        parts.append(f"{quoted(name)}: {quoted(value) if type(value) is str else _text(value, inner)}")
    return f"{{{inner}{f',{inner}'.join(parts)}{line}}}"
