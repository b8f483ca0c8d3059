"""The reference of the spec as markdown: every model and field with its meaning, type and default."""

from __future__ import annotations

import inspect
import json
import re
from typing import cast

from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from mlplatform.reading.describe.documentation import field_docs
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.spec import schema

HEAD = """# The spec

Every field of a platform's spec. This page is generated: `mlplatform schema --format markdown > docs/spec.md`.

"""


def document() -> str:
    """The whole reference."""
    whole = schema.plain_document()
    definitions = cast("dict[str, dict[str, object]]", whole["$defs"])
    parts = [HEAD]
    for model in schema.models(PlatformSpec):
        name = schema.key(model, definitions)
        described = whole if model is PlatformSpec else definitions[name]
        properties = cast("dict[str, dict[str, object]]", described.get("properties", {}))
        parts.append(_model(_title(name), model, properties))
    return "\n".join(parts).rstrip() + "\n"


def _model(title: str, model: type[SpecModel], properties: dict[str, dict[str, object]]) -> str:
    lines = [f"## {title}", "", inspect.cleandoc(model.__doc__ or ""), ""]
    lines += ["| Field | Type | Default | Meaning |", "| --- | --- | --- | --- |"]
    docs = field_docs(model)
    for name, field in model.model_fields.items():
        kind = kind_in_words(properties.get(name, {}))
        meaning = re.sub(r"\s+", " ", docs.get(name, ""))
        lines.append(f"| `{name}` | {_cell(kind)} | {_cell(default_in_words(field, model))} | {_cell(meaning)} |")
    return "\n".join([*lines, ""])


def _title(definition: str) -> str:
    """`mycloud__target__Network` as `Network of mycloud`: pydantic names models so where two have one name."""
    *path, name = definition.split("__")
    return f"{name} of {path[-2]}" if len(path) > 1 else name


def default_in_words(field: FieldInfo, model: type[SpecModel]) -> str:
    """The default of a field, as code where it is a value."""
    if field.is_required():
        return "**required**"
    fixed = {name: other.default for name, other in model.model_fields.items() if other.default_factory is None}
    value = field.get_default(call_default_factory=True, validated_data=fixed)
    if isinstance(value, SpecModel):
        return f"its own defaults ({type(value).__name__})"
    if value is None:
        return "omitted"
    return f"`{json.dumps(to_jsonable_python(value))}`"


def kind_in_words(schema: dict[str, object]) -> str:
    """A property's JSON Schema in a few words."""
    if reference := cast("str | None", schema.get("$ref")):
        title = _title(reference.rpartition("/")[2])
        return f"[{title}](#{title.lower().replace(' ', '-')})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in cast("list[object]", schema["enum"]))
    branches = cast("list[dict[str, object]]", schema.get("anyOf") or schema.get("oneOf") or [])
    if branches:
        return " or ".join(dict.fromkeys(kind_in_words(b) for b in branches if b.get("type") != "null"))
    match schema.get("type"):
        case "array":
            prefix = cast("list[dict[str, object]]", schema.get("prefixItems", []))
            inner = cast("dict[str, object]", schema.get("items") or (prefix[0] if prefix else {}))
            return f"{'pair' if prefix else 'list'} of {kind_in_words(inner)}"
        case "object":
            patterns = cast("dict[str, object]", schema.get("patternProperties", {}))
            values = schema.get("additionalProperties") or next(iter(patterns.values()), None)
            return f"mapping to {kind_in_words(cast('dict[str, object]', values))}" if values else "mapping"
        case "string":
            return f"text `{schema['pattern']}`" if "pattern" in schema else "text"
        case str() as kind:
            return kind + _range(schema)
        case _:
            return "any"


def _range(schema: dict[str, object]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    if high is None:
        return f" from {low}"
    return f" to {high}" if low is None else f" {low} to {high}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
