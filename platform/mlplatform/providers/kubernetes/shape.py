"""Holds an object against its kind's table: unknown and missing fields, types, bounds, patterns. Decoding is strict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.providers.kubernetes.names import is_quantity
from mlplatform.providers.kubernetes.patterns import go_pattern
from mlplatform.providers.kubernetes.tables import Field, target
from mlplatform.providers.refusal import Refusal, show_value, suggest_name
from mlplatform.providers.wire import is_unknown, unwrap_value

_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "quantity": "a quantity, as 500m or 2Gi",
    "object": "an object",
    "list": "a list",
    "map": "an object with free keys",
}


def check_fields(schema: Field, value: Mapping[str, object], path: str = "") -> Iterator[Refusal]:
    """Refusals of an object's fields."""
    for name, item in value.items():
        where = f"{path}.{name}" if path else name
        known = schema.fields.get(name)
        if known is None:
            yield Refusal(where, f"the field {name!r}", "a field of this kind", suggest_name(name, schema.fields))
        elif item is not None:
            yield from check_field(known, item, where)
    for name, field in schema.fields.items():
        if field.required and value.get(name) is None:
            where = f"{path}.{name}" if path else name
            yield Refusal(where, "nothing", f"{_words(target(field))}, which is required", f"set `{where}`")


def check_field(field: Field, value: object, path: str) -> Iterator[Refusal]:
    """Refusals of one value; one that is not known yet fits."""
    value, secret = unwrap_value(value)
    if value is None or is_unknown(value):
        return
    schema = target(field)
    if not _fits(schema.type, value):
        yield Refusal(
            path, f"{show_value(value, secret=secret)} ({type(value).__name__})", _words(schema), "correct it"
        )
        return
    yield from _bounds(field, value, path)
    match schema.type:
        case "object":
            yield from check_fields(schema, cast("Mapping[str, object]", value), path)
        case "list" if schema.item:
            for index, item in enumerate(cast("list[object]", value)):
                yield from check_field(schema.item, item, f"{path}[{index}]")
        case "map" if schema.item:
            for key, item in cast("Mapping[str, object]", value).items():
                yield from check_field(schema.item, item, f"{path}.{key}")
        case _:
            pass


def changed_fields(field: Field, old: object, new: object, path: str = "") -> Iterator[str]:
    """Paths of the fields that differ and cannot be changed; what is added or removed counts as well."""
    old, new = unwrap_value(old)[0], unwrap_value(new)[0]
    if old == new or is_unknown(old) or is_unknown(new):
        return
    if field.immutable and old is not None:
        yield path
        return
    schema = target(field)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before, after = cast("Mapping[str, object]", old), cast("Mapping[str, object]", new)
        for name in {**before, **after}:
            below = schema.fields.get(name) or schema.item
            if below is not None:
                yield from changed_fields(below, before.get(name), after.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and schema.item:
        for index, (one, other) in enumerate(zip(cast("list[object]", old), cast("list[object]", new), strict=False)):
            yield from changed_fields(schema.item, one, other, f"{path}[{index}]")


def _fits(kind: str, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            # numbers travel as doubles: 5.0 is the integer 5
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "quantity":
            return is_quantity(value) or isinstance(value, str)
        case "list":
            return isinstance(value, list)
        case "object" | "map":
            return isinstance(value, Mapping)
        case _:
            return True


def _bounds(field: Field, value: object, path: str) -> Iterator[Refusal]:
    if field.enum and value not in field.enum:
        known = [str(each) for each in field.enum]
        yield Refusal(path, show_value(value), f"one of {', '.join(map(repr, known))}", suggest_name(str(value), known))
    if field.pattern and isinstance(value, str) and not go_pattern(field.pattern).search(value):
        yield Refusal(path, show_value(value), f"a text that matches {field.pattern}", "correct it")
    size, what = _size(value)
    # the bounds of a number or text (a port by its number or name) are those of the text's length
    if size is None or (field.type == "quantity" and not isinstance(value, str)):
        return
    if field.least is not None and size < field.least:
        yield Refusal(path, f"{size:g}{what}", f"at least {field.least:g}{what}", "raise it")
    if field.most is not None and size > field.most:
        yield Refusal(path, f"{size:g}{what}", f"at most {field.most:g}{what}", "lower it")


def _size(value: object) -> tuple[float | None, str]:
    match value:
        case bool():
            return None, ""
        case int() | float():
            return value, ""
        case str():
            return len(value), " characters"
        case list() | dict():
            return len(cast("list[object]", value)), " entries"
        case _:
            return None, ""


def _words(schema: Field) -> str:
    return _WORDS.get(schema.type, "any value")
