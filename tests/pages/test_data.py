"""Data that documents show is what its reader accepts: fields that exist, with values that they take."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from mlplatform.plan.acceptance_file import parse_acceptances
from mlplatform.plan.cost.price_file import read_price_file
from mlplatform.plan.cost.usage_file import read_usage_file
from mlplatform.reading.load import load
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import ModelReview
from mlplatform.spec.training_run import TrainingRun
from mlplatform.steps.model_files import ProvenanceSaid

from ..blocks import Block, every_block

LEFT_OUT = "…"
"""Stands for what a document leaves out."""

LANGUAGES = ("yaml", "toml", "json")
BLOCKS = [block for block in every_block() if block.language in LANGUAGES and "form" not in block.words]
ENTRY_POINTS = {
    "mlplatform.backends",
    "mlplatform.capabilities",
    "mlplatform.checks",
    "mlplatform.risks",
    "mlplatform.cost",
}


def parse(block: Block) -> object:
    """The data of a block, without what is left out."""
    if block.language == "toml":
        return tomllib.loads(block.text)
    if block.language == "yaml":
        return _shown(yaml.safe_load(block.text))
    # a field alone is written as it stands in its document
    text = block.text if block.text.lstrip().startswith(("{", "[")) else f"{{{block.text}}}"
    return json.loads(text)


def _shown(tree: object) -> object:
    if isinstance(tree, dict):
        fields = cast("dict[object, object]", tree)
        return {key: _shown(value) for key, value in fields.items() if LEFT_OUT not in (key, value)}
    if isinstance(tree, list):
        return [_shown(item) for item in cast("list[object]", tree) if item != LEFT_OUT]
    return tree


def spec_problems(tree: object, path: str) -> list[str]:
    """What a spec refuses of a part of it, besides what is not shown.

    Args:
        tree: the part.
        path: where it stands: `pipelines[].steps`. Empty: it is the spec.
    """
    for step in reversed(path.split(".") if path else []):
        name, listed, _ = step.partition("[]")
        tree = {name: [tree] if listed else tree}
    try:
        PlatformSpec.model_validate(tree)
    except ValidationError as refused:
        return [
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
            for error in refused.errors()
            if error["type"] not in ("missing", "too_short", "union_tag_not_found")
        ]
    return []


def _model(model: type[BaseModel]) -> Callable[[Block, Path], None]:
    def read(block: Block, folder: Path) -> None:
        model.model_validate_json(json.dumps(parse(block)))

    return read


def _training(block: Block, folder: Path) -> None:
    said = cast("dict[str, object]", parse(block))
    TrainingRun.model_validate({key: value for key, value in said.items() if key not in ("commit", "data_version")})


def _review(block: Block, folder: Path) -> None:
    ModelReview.model_validate_json(json.dumps(cast("dict[str, object]", parse(block))["review"]))


def _entry_points(block: Block, folder: Path) -> None:
    groups = cast("dict[str, dict[str, dict[str, str]]]", parse(block))["project"]["entry-points"]
    assert set(groups) <= ENTRY_POINTS
    assert all(re.fullmatch(r"\w+(\.\w+)*:\w+", value) for group in groups.values() for value in group.values())


def _acceptances(block: Block, folder: Path) -> None:
    assert parse_acceptances(block.text, block.at)


def _object(block: Block, folder: Path) -> None:
    found = cast("Mapping[str, object]", parse(block))
    assert {"apiVersion", "kind", "metadata", "spec"} <= found.keys()


def _file(read: Callable[[Path], object]) -> Callable[[Block, Path], None]:
    def read_file(block: Block, folder: Path) -> None:
        file = folder / f"block.{block.language}"
        file.write_text(block.text, encoding="utf-8")
        read(file)

    return read_file


def _whole(file: Path) -> None:
    loaded = load(file)
    assert loaded.spec is not None, [str(problem) for problem in loaded.problems]


READERS: Mapping[str, Callable[[Block, Path], None]] = {
    "acceptances": _acceptances,
    "entry-points": _entry_points,
    "kubernetes": _object,
    "monitor": _model(MonitorSettings),
    "prices": _file(read_price_file),
    "provenance": _model(ProvenanceSaid),
    "review": _review,
    "spec": _file(_whole),
    "training": _training,
    "usage": _file(read_usage_file),
}
"""By what `of=` names: reads the block, and fails where it is refused. Other names are paths of the spec."""


@pytest.mark.parametrize("block", BLOCKS, ids=[block.at for block in BLOCKS])
def test_data_of_a_document_is_accepted(block: Block, tmp_path: Path) -> None:
    of = block.value("of")
    if read := READERS.get(of):
        read(block, tmp_path)
        return
    problems = spec_problems(parse(block), of)
    assert not problems, f"{block.at}: {problems}; what is no spec says behind its fence what it is (of=…)"


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("pipelines: [{name: a, engin: cluster}]", ""),
        ("- {name: gate, kind: gate, gat: {}}", "pipelines[].steps"),
        ("training: {pools: [{name: a, accelerator: L5}]}", ""),
    ],
)
def test_a_field_that_is_not_there_is_told(text: str, of: str) -> None:
    assert spec_problems(yaml.safe_load(text), of)
