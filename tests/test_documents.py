"""Specs that documents show are specs that validation accepts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlplatform.reading.load import load

from .conftest import ROOT

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
SPECS = [
    (document.relative_to(ROOT).as_posix(), number, text)
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for number, text in enumerate(_BLOCK.findall(document.read_text(encoding="utf-8")))
    # shortened ones have an ellipsis
    if re.search(r"^platform = PlatformSpec\(", text, re.MULTILINE) and "…" not in text and "..." not in text
]


@pytest.mark.parametrize(("document", "number", "text"), SPECS, ids=[f"{name}-{number}" for name, number, _ in SPECS])
def test_the_spec_of_a_document_is_accepted(document: str, number: int, text: str, tmp_path: Path) -> None:
    file = tmp_path / f"spec_{number}.py"
    file.write_text(text, encoding="utf-8")
    loaded = load(file)
    assert loaded.spec is not None, f"{document}: {[str(problem) for problem in loaded.problems]}"


def test_the_readme_shows_one() -> None:
    assert [name for name, _, _ in SPECS].count("README.md") == 1
