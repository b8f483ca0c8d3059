"""Arguments held to the package's schema before anything is made of them.

Pulumi's own host stops at the first missing property, passes over names it does not know, and takes a list for a
mapping; here everything that is wrong is told at once, by property.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import pulumi
from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType, TypeDefinition

from mlplatform.similar import nearest_names

Properties = Mapping[str, PropertyDefinition]
Types = Mapping[str, TypeDefinition]

_KINDS: Mapping[PropertyType, tuple[type, ...]] = {
    PropertyType.STRING: (str,),
    PropertyType.INTEGER: (int, float),
    PropertyType.NUMBER: (int, float),
    PropertyType.BOOLEAN: (bool,),
    PropertyType.ARRAY: (list,),
    PropertyType.OBJECT: (dict,),
}
_WORDS: Mapping[PropertyType, str] = {
    PropertyType.STRING: "a text",
    PropertyType.INTEGER: "a whole number",
    PropertyType.NUMBER: "a number",
    PropertyType.BOOLEAN: "true or false",
    PropertyType.ARRAY: "a list",
    PropertyType.OBJECT: "a mapping",
}


def wrong(given: Mapping[str, object], properties: Properties, types: Types, at: str = "") -> Iterator[tuple[str, str]]:
    """Path and reason of everything that the schema refuses."""
    for name in given:
        if name not in properties:
            near = nearest_names(name, properties)
            meant = f"did you mean {near[0]}?" if near else f"expected: {', '.join(sorted(properties))}"
            yield _join(at, name), f"no such property; {meant}"
    for name, one in properties.items():
        value = given.get(name)
        if value is not None:
            yield from _value(value, one, types, _join(at, name))
        elif not one.optional:
            yield _join(at, name), "required, and missing"


def _value(value: object, one: PropertyDefinition, types: Types, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, pulumi.Output):
        if one.plain:
            yield at, "got: an output; expected: a plain value, because it decides which resources there are"
        return
    named = _named(one, types)
    kind = PropertyType.OBJECT if named else one.type
    if kind is None:
        return
    if not _fits(value, kind):
        yield at, f"got: {str(value)[:60]!r}; expected: {_WORDS[kind]}"
    elif named:
        yield from wrong(cast("Mapping[str, object]", value), named.properties, types, at)
    elif kind is PropertyType.ARRAY and one.items:
        for index, item in enumerate(cast("Sequence[object]", value)):
            yield from _value(item, one.items, types, f"{at}[{index}]")
    elif kind is PropertyType.OBJECT and one.additional_properties:
        for key, item in cast("Mapping[str, object]", value).items():
            yield from _value(item, one.additional_properties, types, _join(at, key))


def _fits(value: object, kind: PropertyType) -> bool:
    if isinstance(value, bool):
        return kind is PropertyType.BOOLEAN
    if kind is PropertyType.INTEGER and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[kind])


def _named(one: PropertyDefinition | None, types: Types) -> TypeDefinition | None:
    """The package's own type of a property."""
    return types.get(one.ref.rpartition(":")[2]) if one and one.ref else None


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def as_written(path: str, properties: Properties, mapping: Mapping[str, str], types: Types) -> str:
    """A path in Python's names as other languages write it; documents keep the names they have."""
    written: list[str] = []
    record: tuple[Properties, Mapping[str, str]] | None = (properties, mapping)
    one: PropertyDefinition | None = None
    for part in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        name = str(part)
        if name.startswith("["):
            one = one.items if one else None
        elif record:
            name = next((schema for schema, python in record[1].items() if python == name), name)
            one = record[0].get(name)
        else:
            one = one.additional_properties if one else None
        written.append(name if name.startswith("[") else f".{name}")
        named = _named(one, types)
        record = (named.properties, named.properties_mapping) if named else None
    return "".join(written).lstrip(".")
