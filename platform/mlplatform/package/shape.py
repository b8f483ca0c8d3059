"""Arguments compared with the package's schema before anything is made of them.

Pulumi's own host stops at the first missing property, ignores unknown names, and takes a list for a mapping; here every
problem is reported at once, by property.
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


def schema_problems(
    given: Mapping[str, object], properties: Properties, types: Types, at: str = ""
) -> Iterator[tuple[str, str]]:
    """Path and reason of everything that the schema refuses."""
    for name in given:
        if name not in properties:
            near = nearest_names(name, properties)
            meant = f"did you mean {near[0]}?" if near else f"expected: {', '.join(sorted(properties))}"
            yield _join(at, name), f"no such property; {meant}"
    for name, definition in properties.items():
        value = given.get(name)
        if value is not None:
            yield from _value(value, definition, types, _join(at, name))
        elif not definition.optional:
            yield _join(at, name), "required, and missing"


def _value(value: object, definition: PropertyDefinition, types: Types, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, pulumi.Output):
        if definition.plain:
            yield at, "got: an output; expected: a plain value, because it decides which resources there are"
        return
    named = _named(definition, types)
    kind = PropertyType.OBJECT if named else definition.type
    if kind is None:
        return
    if not _fits(value, kind):
        yield at, f"got: {str(value)[:60]!r}; expected: {_WORDS[kind]}"
    elif named:
        yield from schema_problems(cast("Mapping[str, object]", value), named.properties, types, at)
    elif kind is PropertyType.ARRAY and definition.items:
        for index, item in enumerate(cast("Sequence[object]", value)):
            yield from _value(item, definition.items, types, f"{at}[{index}]")
    elif kind is PropertyType.OBJECT and definition.additional_properties:
        for key, item in cast("Mapping[str, object]", value).items():
            yield from _value(item, definition.additional_properties, types, _join(at, key))


def _fits(value: object, kind: PropertyType) -> bool:
    if isinstance(value, bool):
        return kind is PropertyType.BOOLEAN
    if kind is PropertyType.INTEGER and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[kind])


def _named(definition: PropertyDefinition | None, types: Types) -> TypeDefinition | None:
    """The package's own type of a property."""
    return types.get(definition.ref.rpartition(":")[2]) if definition and definition.ref else None


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def written_path(path: str, properties: Properties, mapping: Mapping[str, str], types: Types) -> str:
    """A path in Python's names as other languages write it; names inside documents stay as they are."""
    written: list[str] = []
    record: tuple[Properties, Mapping[str, str]] | None = (properties, mapping)
    definition: PropertyDefinition | None = None
    for part in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        name = str(part)
        if name.startswith("["):
            definition = definition.items if definition else None
        elif record:
            name = next((schema for schema, python in record[1].items() if python == name), name)
            definition = record[0].get(name)
        else:
            definition = definition.additional_properties if definition else None
        written.append(name if name.startswith("[") else f".{name}")
        named = _named(definition, types)
        record = (named.properties, named.properties_mapping) if named else None
    return "".join(written).lstrip(".")
