"""The smallest parts of a core schema: plain types, and constraints as pydantic-core checks them itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import IPv4Network
from typing import Any, cast

from pydantic import StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_RANGE = frozenset(("ge", "gt", "le", "lt"))
_LENGTH = frozenset(("min_length", "max_length"))
_LIMITS: Mapping[str, frozenset[str]] = {
    "int": _RANGE,
    "float": _RANGE,
    "str": _LENGTH | {"pattern"},
    "tuple": _LENGTH,
    "list": _LENGTH,
    "dict": _LENGTH,
}
"""What pydantic-core itself checks, by kind of value."""


class Unfamiliar(Exception):
    """A form that is left to pydantic."""


def limits(said: object) -> Mapping[str, object]:
    """A constraint as pydantic-core writes it.

    Raises:
        Unfamiliar: it is none, or more than a plain one.
    """
    if isinstance(said, StringConstraints):
        stated = {name: value for name, value in vars(said).items() if value is not None}
    elif type(said).__module__ == "annotated_types":
        names: tuple[str, ...] = cast("Any", said).__slots__
        stated = {name: value for name in names if (value := getattr(said, name)) is not None}
    elif hasattr(said, "pattern"):
        stated = dict(vars(said))
    else:
        raise Unfamiliar
    if not isinstance(stated.get("pattern", ""), str):
        raise Unfamiliar
    return stated


def limited(schema: CoreSchema, bounds: Mapping[str, object]) -> CoreSchema:
    """A schema with constraints; a value that may be omitted carries them inside.

    Raises:
        Unfamiliar: pydantic-core does not check them on this kind of value.
    """
    known = cast("dict[str, Any]", schema)
    if schema["type"] == "nullable":
        limited(schema["schema"], bounds)
    elif not bounds.keys() <= _LIMITS.get(schema["type"], frozenset()):
        raise Unfamiliar
    else:
        known.update(bounds)
    return schema


def network(value: object) -> IPv4Network:
    """An IPv4 range, accepted and refused as pydantic does."""
    if isinstance(value, IPv4Network):
        return value
    try:
        return IPv4Network(cast("str", value))
    except ValueError:
        raise PydanticCustomError("ip_v4_network", "Input is not a valid IPv4 network") from None


PLAIN: Mapping[object, Callable[[], CoreSchema]] = {
    str: core_schema.str_schema,
    int: core_schema.int_schema,
    float: core_schema.float_schema,
    bool: core_schema.bool_schema,
    datetime: lambda: core_schema.datetime_schema(microseconds_precision="truncate"),
    IPv4Network: lambda: core_schema.no_info_plain_validator_function(network),
}
"""Types that need nothing but their name."""
