"""JSON Schema 2020-12 of the spec, with every field's documentation, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform import discovery
from mlplatform.reading.describe.documentation import field_docs
from mlplatform.reading.describe.shape import field_models
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import ReleaseRecord
from mlplatform.spec.versions import CURRENT
from mlplatform.views.spec.editor import refine

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document() -> dict[str, object]:
    """The schema of a YAML or JSON spec; targets are those of the installed clouds."""
    schema = plain_document()
    refine(schema)
    schema["examples"] = [
        {
            "name": "acme",
            "environment": "dev",
            "owner": "ml-platform",
            "cost_center": "4711",
            "targets": [{"cloud": cloud, **discovery.backend(cloud).first_target.fields}],
        }
        for cloud in discovery.clouds()
    ]
    return schema


def plain_document() -> dict[str, object]:
    """The schema without what editors alone need: as the models say it."""
    return _schema_of(PlatformSpec, f"urn:mlplatform:spec:{CURRENT}", "A platform of mlplatform")


def record_document() -> dict[str, object]:
    """The schema of a record of releases."""
    return _schema_of(ReleaseRecord, f"urn:mlplatform:record:{CURRENT}", "A record of releases of mlplatform")


def _schema_of(root: type[SpecModel], address: str, title: str) -> dict[str, object]:
    schema = cast("dict[str, object]", root.model_json_schema())
    definitions = cast("dict[str, dict[str, object]]", schema.get("$defs", {}))
    for model in models(root):
        _document(schema if model is root else definitions[key(model, definitions)], model)
    fields = cast("dict[str, object]", schema["properties"])
    fields["$schema"] = {"type": "string", "description": "Address of this schema, for editors."}
    schema["patternProperties"] = {"^x-": {"description": "Your own: not read, for example values with anchors."}}
    return {"$schema": DIALECT, "$id": address, **schema, "title": title}


def key(model: type[SpecModel], definitions: Mapping[str, object]) -> str:
    """The name of a model among the definitions; with its module where two models have one name."""
    long = f"{model.__module__}.{model.__qualname__}".replace(".", "__")
    return long if long in definitions else model.__name__


def models(root: type[SpecModel]) -> tuple[type[SpecModel], ...]:
    """A model and all models that its fields refer to, each once, in the order of the fields."""
    known: dict[type[SpecModel], None] = {}
    pending = [root]
    while pending:
        model = pending.pop(0)
        if model not in known:
            known[model] = None
            pending += [inner for field in model.model_fields.values() for inner in field_models(field)]
    return tuple(known)


def _document(schema: dict[str, object], model: type[SpecModel]) -> None:
    properties = cast("dict[str, dict[str, object]]", schema.get("properties", {}))
    for name, text in field_docs(model).items():
        if name in properties:
            properties[name]["description"] = text
