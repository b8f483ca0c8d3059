"""Compares values with property trees: unknown and missing properties, wrong types, enum values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from mlplatform.providers.refusal import Refusal, show_value, suggest_name
from mlplatform.providers.types import EnumOf, ListOf, MapOf, ObjectOf, Scalar, SchemaType, UnionOf, describe_type
from mlplatform.providers.wire import as_list, as_object, is_asset, is_unknown, unwrap_value

_KINDS = {"str": "string", "bool": "boolean", "int": "number", "float": "number", "dict": "object"}


def check_object(schema: ObjectOf, value: Mapping[str, object], path: str = "") -> list[Refusal]:
    """Refusals of an object's properties; names that start with two underscores are the engine's own."""
    refusals: list[Refusal] = []
    properties = schema.properties
    for name, item in value.items():
        if name.startswith("__"):
            continue
        where = _join(path, name)
        prop = properties.get(name)
        if prop is None:
            refusals.append(_unknown_property(schema, name, where))
        elif item is not None:
            refusals += check_value(prop.type, item, where)
    for name in schema.required:
        if value.get(name) is None:
            refusals.append(
                Refusal(
                    path=_join(path, name),
                    got="nothing",
                    expected=f"{describe_type(properties[name].type)}, which {schema.name} requires",
                    fix=f"set `{name}`",
                )
            )
    for name, constant in schema.constants.items():
        given, secret = unwrap_value(value.get(name))
        if given is not None and not is_unknown(given) and given != constant:
            refusals.append(
                Refusal(_join(path, name), show_value(given, secret=secret), repr(constant), f"write {constant!r}")
            )
    return refusals


def check_value(schema: SchemaType, value: object, path: str) -> list[Refusal]:
    """Refusals of one value; a value that is not known yet fits any type."""
    value, secret = unwrap_value(value)
    if value is None or is_unknown(value):
        return []
    match schema:
        case Scalar(kind=kind):
            fits = kind == "any" or _is_scalar(kind, value)
        case EnumOf():
            return _check_enum(schema, value, path, secret)
        case ListOf(item=item_type):
            items = as_list(value)
            if items is not None:
                return [r for i, item in enumerate(items) for r in check_value(item_type, item, f"{path}[{i}]")]
            fits = False
        case MapOf(value=value_type):
            entries = as_object(value)
            if entries is not None:
                return [r for key, item in entries.items() for r in check_value(value_type, item, _join(path, key))]
            fits = False
        case ObjectOf():
            entries = as_object(value)
            if entries is not None:
                return check_object(schema, entries, path)
            fits = False
        case UnionOf(members=members):
            return _check_union(members, value, path, secret)
    return [] if fits else [_wrong_type(schema, value, path, secret)]


def check_provider_value(schema: SchemaType, value: object, path: str) -> list[Refusal]:
    """Refusals of a value in a provider's configuration, where values other than strings may travel as JSON text."""
    inner, _ = unwrap_value(value)
    if isinstance(inner, str) and not is_unknown(inner) and schema != Scalar("string"):
        try:
            decoded = json.loads(inner)
        except ValueError:
            return check_value(schema, value, path)
        return check_value(schema, decoded, path)
    return check_value(schema, value, path)


def _is_scalar(kind: str, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            # Numbers travel as doubles: 5.0 is the integer 5.
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case _:
            return is_asset(value)


def _check_enum(schema: EnumOf, value: object, path: str, secret: bool) -> list[Refusal]:
    if value in schema.values and not isinstance(value, bool):
        return []
    if isinstance(value, str) and (
        schema.open or (schema.folded and value.lower() in {str(known).lower() for known in schema.values})
    ):
        return []
    expected = f"{describe_type(schema)} ({schema.name})"
    return [
        Refusal(path, show_value(value, secret=secret), expected, suggest_name(str(value), map(str, schema.values)))
    ]


def _check_union(members: tuple[SchemaType, ...], value: object, path: str, secret: bool) -> list[Refusal]:
    given = as_object(value)
    if given is not None:
        objects = [member for member in members if isinstance(member, ObjectOf)]
        chosen = [member for member in objects if _has_constants(member, given)]
        if chosen:
            members = tuple(chosen)
        elif objects and len(objects) == len(members) and all(member.constants for member in objects):
            return [_no_discriminator(objects, given, path)]
    attempts = [check_value(member, value, path) for member in members]
    best = min(attempts, key=len)
    if best and len(members) > 1 and given is None and as_list(value) is None:
        return [_wrong_type(UnionOf(members), value, path, secret)]
    return best


def _has_constants(member: ObjectOf, value: Mapping[str, object]) -> bool:
    constants = member.constants
    return bool(constants) and all(unwrap_value(value.get(name))[0] == fixed for name, fixed in constants.items())


def _no_discriminator(objects: Iterable[ObjectOf], value: Mapping[str, object], path: str) -> Refusal:
    options = [(name, fixed) for member in objects for name, fixed in member.constants.items()]
    name = options[0][0]
    values = [fixed for option, fixed in options if option == name]
    got = unwrap_value(value.get(name))[0]
    return Refusal(
        path=_join(path, name),
        got="nothing" if got is None else show_value(got),
        expected="one of " + ", ".join(repr(fixed) for fixed in values),
        fix=f"set `{name}` to the kind of this object",
    )


def _unknown_property(schema: ObjectOf, name: str, path: str) -> Refusal:
    return Refusal(
        path=path,
        got=f"the property {name!r}",
        expected=f"a property of {schema.name}",
        fix=suggest_name(name, schema.properties),
    )


def _wrong_type(schema: SchemaType, value: object, path: str, secret: bool) -> Refusal:
    name = type(value).__name__
    kind = _KINDS.get(name, name)
    expected = describe_type(schema)
    return Refusal(path, f"{show_value(value, secret=secret)} ({kind})", expected, f"pass {expected}")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
