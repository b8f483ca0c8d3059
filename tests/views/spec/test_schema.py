"""The JSON Schema and the reference follow from the models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest

from mlplatform.reading.describe.documentation import field_docs
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.plan.json import document_text
from mlplatform.views.spec import reference, schema
from mlplatform.views.spec.editor import ACCELERATOR


def references(value: object) -> Iterator[str]:
    """Every `$ref` in a schema."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_dialect_and_references() -> None:
    document = schema.document()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    definitions = cast("dict[str, object]", document["$defs"])
    used = set(references(document))
    assert used
    assert {name.removeprefix("#/$defs/") for name in used} <= set(definitions)


def test_unknown_fields_are_refused_by_editors_too() -> None:
    document = schema.document()
    definitions = cast("dict[str, dict[str, object]]", document["$defs"])
    assert document["additionalProperties"] is False
    for name, definition in definitions.items():
        if name == ACCELERATOR:  # a text
            continue
        assert definition.get("additionalProperties") is False, name


def test_an_accelerator_may_be_one_text() -> None:
    definitions = cast("dict[str, dict[str, dict[str, dict[str, object]]]]", schema.document()["$defs"])
    kinds = cast("list[dict[str, object]]", definitions["GpuPoolSpec"]["properties"]["accelerator"]["anyOf"])
    text = {"$ref": f"#/$defs/{ACCELERATOR}"}
    assert [kind if "$ref" in kind else kind["items"] for kind in kinds] == [text, text]


@pytest.mark.parametrize("model", schema.models(PlatformSpec), ids=lambda model: model.__name__)
def test_every_field_is_documented(model: type[SpecModel]) -> None:
    assert model.__doc__
    assert set(field_docs(model)) == set(model.model_fields)


def test_the_reference_is_current(root: Path) -> None:
    written = (root / "docs" / "spec.md").read_text("utf-8")
    assert written == reference.document(), "run: mlplatform schema --format markdown > docs/spec.md"


@pytest.mark.parametrize(("name", "made"), [("spec", schema.document), ("record", schema.record_document)])
def test_the_package_has_the_schema_as_a_file(name: str, made: Callable[[], dict[str, object]]) -> None:
    file = files("mlplatform") / "schemas" / f"{name}.json"
    assert file.read_text(encoding="utf-8") == document_text(made()), "run: make goldens"
