"""What editors are offered, and what they refuse: nothing that validation accepts, and a wrong value alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import jsonschema
import pytest
from tests.conftest import CLOUDS, ROOT

from mlplatform import discovery
from mlplatform.reading.document import read_yaml
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.spec import schema
from mlplatform.views.spec.snippets import SNIPPETS, first_targets

PLACES = {
    "GpuPoolSpec": ("training", "pools"),
    "CpuPoolSpec": ("training", "cpu_pools"),
    "EndpointSpec": ("endpoints",),
    "BudgetSpec": ("budget",),
}
"""Where each definition with snippets stands in a spec."""
SPECS = [path for path in sorted((ROOT / "examples").rglob("*.yaml")) if "\ntargets:" in path.read_text("utf-8")]


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    """The schema."""
    return schema.document()


def refused(document: Mapping[str, object], spec: object) -> list[str]:
    """What an editor refuses: the path and the message of each error, of the innermost that it shows."""
    errors = jsonschema.Draft202012Validator(document).iter_errors(spec)
    return sorted(f"{error.json_path}: {error.message}" for error in errors)


def example(document: Mapping[str, object], cloud: str) -> dict[str, object]:
    examples = cast("list[dict[str, object]]", document["examples"])
    (found,) = (each for each in examples if cast("list[dict[str, str]]", each["targets"])[0]["cloud"] == cloud)
    return json.loads(json.dumps(found))


def test_it_is_a_schema_with_a_name(document: Mapping[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(document)
    assert str(document["$id"]).startswith("urn:mlplatform:spec:")
    assert document["$id"] != schema.record_document()["$id"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_example_is_a_valid_spec(document: Mapping[str, object], cloud: str, tmp_path: Path) -> None:
    spec = example(document, cloud)
    assert not refused(document, spec)
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    assert not load(file).problems


@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_an_editor_accepts_what_validation_accepts(document: Mapping[str, object], file: Path) -> None:
    assert load(file).spec is not None
    assert not refused(document, read_yaml(file.read_text("utf-8")).data)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_snippet_is_valid_as_it_stands(document: Mapping[str, object], cloud: str) -> None:
    definitions = cast("dict[str, dict[str, object]]", document["$defs"])
    spec = example(document, cloud)
    for name, snippets in SNIPPETS.items():
        assert len(cast("list[object]", definitions[name]["defaultSnippets"])) == len(snippets)
        for snippet in snippets:
            written: object = dict(snippet.body) if name == "BudgetSpec" else [dict(snippet.body)]
            for part in reversed(PLACES[name]):
                written = {part: written}
            whole = {**spec, **cast("dict[str, object]", written)}
            assert not refused(document, whole), snippet.label
            PlatformSpec.model_validate(whole)
    (target,) = (each.body for each in first_targets() if each.body["cloud"] == cloud)
    assert spec["targets"] == [target]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_regions_are_those_of_the_target_s_cloud(document: Mapping[str, object], cloud: str) -> None:
    spec = example(document, cloud)
    (target,) = cast("list[dict[str, object]]", spec["targets"])
    field = "location" if "location" in target else "region"
    for other in CLOUDS:
        region = discovery.backend(other).catalog.price_region
        target[field] = region
        (*errors,) = refused(document, spec)
        assert (not errors) == (other == cloud)
        # the one wrong value, and nothing about the kinds that the entry is not
        assert len(errors) == (other != cloud)
        assert all(error.startswith(f"$.targets[0].{field}: '{region}' is not one of") for error in errors)


def test_a_cloud_that_is_none_is_told_with_the_choices(document: Mapping[str, object]) -> None:
    spec = example(document, "aws")
    cast("list[dict[str, object]]", spec["targets"])[0]["cloud"] = "amazon"
    assert refused(document, spec) == ["$.targets[0].cloud: 'amazon' is not one of ['aws', 'azure', 'gcp']"]


def test_accelerators_are_offered_and_other_texts_are_left_to_validation(document: Mapping[str, object]) -> None:
    definitions = cast("dict[str, dict[str, list[dict[str, list[str]]]]]", document["$defs"])
    offered = definitions["AcceleratorText"]["anyOf"][0]["enum"]
    assert {"L4:1", "H100:8"} <= set(offered)
    for cloud in CLOUDS:
        machines = discovery.backend(cloud).catalog.machines
        assert {str(machine.accelerator) for machine in machines} <= set(offered)
    pool = {"name": "a", "accelerator": ["l4"], "max_nodes": 1}
    assert not refused(document, {**example(document, "aws"), "training": {"pools": [pool]}})
