"""Parts of a core schema: plain types, and constraints that pydantic-core checks itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from ipaddress import IPv4Network
from typing import Any, cast

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_RANGE = frozenset(("ge", "gt", "le", "lt"))
_LENGTH = frozenset(("min_length", "max_length"))
_CHECKED: Mapping[str, frozenset[str]] = {
    "int": _RANGE,
    "float": _RANGE,
    "str": _LENGTH | {"pattern"},
    "tuple": _LENGTH,
    "list": _LENGTH,
    "dict": _LENGTH,
}
"""The constraints that pydantic-core checks, by kind of value."""


CONSTRAINTS = frozenset((StringConstraints, Ge, Gt, Le, Lt, MinLen, MaxLen))
"""Annotations that are nothing but constraints."""


class UnsupportedForm(Exception):
    """A form of model or annotation that is left to pydantic; the text is the reason."""


def constraints_of(annotation: object) -> Mapping[str, object]:
    """The constraints of an annotation under pydantic-core's names.

    Raises:
        UnsupportedForm: it is something else than plain constraints.
    """
    if isinstance(annotation, StringConstraints):
        constraints = {name: value for name, value in vars(annotation).items() if value is not None}
    elif type(annotation).__module__ == "annotated_types":
        names: tuple[str, ...] = cast("Any", annotation).__slots__
        constraints = {name: value for name in names if (value := getattr(annotation, name)) is not None}
    elif hasattr(annotation, "pattern"):
        constraints = dict(vars(annotation))
    else:
        raise UnsupportedForm(f"a field has the annotation {type(annotation).__name__}")
    if not isinstance(constraints.get("pattern", ""), str):
        raise UnsupportedForm("a field has a compiled pattern")
    return constraints


def with_constraints(schema: CoreSchema, constraints: Mapping[str, object]) -> CoreSchema:
    """A schema with constraints; those of an optional value stand in its inner schema.

    Raises:
        UnsupportedForm: pydantic-core does not check them on this kind of value.
    """
    if schema["type"] == "nullable":
        with_constraints(schema["schema"], constraints)
    elif not constraints.keys() <= _CHECKED.get(schema["type"], frozenset()):
        raise UnsupportedForm(f"a field of type {schema['type']} has the constraints {', '.join(constraints)}")
    else:
        cast("dict[str, Any]", schema).update(constraints)
    return schema


def network(value: object) -> IPv4Network:
    """An IPv4 range, accepted and refused as by pydantic."""
    if isinstance(value, IPv4Network):
        return value
    try:
        return IPv4Network(cast("str", value))
    except ValueError:
        raise PydanticCustomError("ip_v4_network", "Input is not a valid IPv4 network") from None


PLAIN: Mapping[object, Callable[[], CoreSchema]] = {
    str: partial(core_schema.StringSchema, type="str"),
    int: partial(core_schema.IntSchema, type="int"),
    float: partial(core_schema.FloatSchema, type="float"),
    bool: partial(core_schema.BoolSchema, type="bool"),
    date: core_schema.date_schema,
    datetime: lambda: core_schema.datetime_schema(microseconds_precision="truncate"),
    IPv4Network: lambda: core_schema.no_info_plain_validator_function(network),
}
"""Schemas of plain types, by type."""
