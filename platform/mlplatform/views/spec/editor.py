"""What editors need beside types: choices of accelerators and regions, errors of one kind alone, and snippets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator, models
from mlplatform.catalog.region_fields import REGION_FIELDS
from mlplatform.reading.describe.shape import tag_of
from mlplatform.views.spec.snippets import SNIPPETS, first_targets

ACCELERATOR = "AcceleratorText"
"""Name of the definition of an accelerator's text."""

_Schema = dict[str, object]


def refine(schema: _Schema) -> None:
    """Add to a spec's schema, in place, what editors need.

    Args:
        schema: as pydantic makes it, with its definitions.
    """
    definitions = cast("dict[str, _Schema]", schema["$defs"])
    for part in list(_parts(schema)):
        _branch(part)
    _choose_accelerators(schema, definitions)
    for cloud in discovery.clouds():
        _choose_regions(cloud, definitions)
    for name, snippets in SNIPPETS.items():
        definitions[name]["defaultSnippets"] = [snippet.document() for snippet in snippets]
    targets = cast("_Schema", cast("dict[str, _Schema]", schema["properties"])["targets"]["items"])
    targets["defaultSnippets"] = [snippet.document() for snippet in first_targets()]


def _parts(value: object) -> Iterator[_Schema]:
    """Every mapping in a schema."""
    if isinstance(value, dict):
        part = cast("_Schema", value)
        yield part
        for item in part.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _parts(item)


def _branch(part: _Schema) -> None:
    """Kinds of entries as conditions: an editor then tells the errors of the kind that is written, and of no other."""
    found = part.pop("discriminator", None)
    if not isinstance(found, dict):
        return
    about = cast("Mapping[str, object]", found)
    name, kinds = str(about["propertyName"]), cast("Mapping[str, str]", about["mapping"])
    del part["oneOf"]
    part["type"] = "object"
    part["required"] = [name]
    part["properties"] = {name: {"enum": list(kinds)}}
    part["allOf"] = [
        {"if": {"properties": {name: {"const": kind}}, "required": [name]}, "then": {"$ref": address}}
        for kind, address in kinds.items()
    ]


def _choose_accelerators(schema: _Schema, definitions: dict[str, _Schema]) -> None:
    offered = sorted(
        {machine.accelerator for cloud in discovery.clouds() for machine in discovery.backend(cloud).catalog.machines},
        key=lambda each: (list(models()).index(each.name), each.count),
    )
    for part in list(_parts(schema)):
        properties = part.get("properties")
        field = cast("dict[str, object]", properties).get("accelerator") if isinstance(properties, dict) else None
        for text in _parts(field):
            if text == {"type": "string"}:
                text.clear()
                text["$ref"] = f"#/$defs/{ACCELERATOR}"
    definitions[ACCELERATOR] = {
        "anyOf": [{"enum": [str(Accelerator(each.name, each.count)) for each in offered]}, {"type": "string"}],
        "description": "A model and its count per machine. The list has what some cloud offers, in some region.",
    }


def _choose_regions(cloud: str, definitions: dict[str, _Schema]) -> None:
    backend = discovery.backend(cloud)
    target = backend.target_type
    assert tag_of(target) == cloud
    properties = cast("dict[str, _Schema]", definitions[target.__name__]["properties"])
    for name in REGION_FIELDS:
        for text in _parts(properties.get(name)):
            if text.get("type") == "string":
                text.pop("pattern", None)
                text["enum"] = sorted(backend.catalog.regions)
