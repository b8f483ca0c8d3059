"""The table of edits: what a good reviewer is told of each, on the three clouds. A person reads the goldens.

`make test` looks at some cells, `make test-thorough` at all; `tests/engine/test_edits.py` holds the operations to
Pulumi's engine.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.review.edits.outcome import outcome_text
from tests.review.edits.table import CLOUDS, EDITS, Edit

GOLDEN = Path(__file__).parent / "golden"
SOME = {
    ("endpoint-removed", "aws"),
    ("endpoint-removed", "gcp"),
    ("endpoint-removed", "azure"),
    ("endpoint-model", "aws"),
    ("endpoint-to-zero", "aws"),
    ("tag-added", "azure"),
    ("region", "gcp"),
    ("network-range", "aws"),
    ("ci-repository", "gcp"),
}
"""Cells that `make test` looks at: each was wrong once."""
CELLS = [(edit, cloud) for edit in EDITS for cloud in edit.clouds]
RARE = (pytest.mark.thorough,)


@pytest.mark.parametrize(
    ("edit", "cloud"),
    [
        pytest.param(edit, cloud, id=f"{edit.name}-{cloud}", marks=() if (edit.name, cloud) in SOME else RARE)
        for edit, cloud in CELLS
    ],
)
def test_what_a_reviewer_is_told(edit: Edit, cloud: str, request: pytest.FixtureRequest) -> None:
    told = outcome_text(edit, cloud)
    file = GOLDEN / f"{edit.name}.txt"
    sections = _sections(file)
    if request.config.getoption("--update-goldens"):
        _write(file, {**sections, cloud: told})
        return
    assert sections.get(cloud) == told, f"{file} differs: run make goldens and read the diff"


def test_every_golden_is_of_an_edit_and_of_its_clouds() -> None:
    found = {(file.stem, cloud) for file in GOLDEN.glob("*.txt") for cloud in _sections(file)}
    assert found == {(edit.name, cloud) for edit, cloud in CELLS}
    assert {(edit.name, cloud) for edit, cloud in CELLS} >= SOME


def _sections(file: Path) -> dict[str, str]:
    """The text of each cloud."""
    if not file.exists():
        return {}
    parts = file.read_text(encoding="utf-8").split("## ")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2].strip("\n") + "\n" for part in parts}


def _write(file: Path, sections: dict[str, str]) -> None:
    file.parent.mkdir(exist_ok=True)
    texts = [f"## {cloud}\n\n{sections[cloud]}" for cloud in CLOUDS if cloud in sections]
    file.write_text("\n".join(texts), encoding="utf-8")
