"""Specs that documents show are specs that validation accepts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlplatform.reading.load import load

from .blocks import Block, every_block

SPECS = [
    block
    for block in every_block()
    if block.language == "python"
    and re.search(r"^platform = PlatformSpec\(", block.text, re.MULTILINE)
    and "form" not in block.words
]


@pytest.mark.parametrize("block", SPECS, ids=[block.at for block in SPECS])
def test_the_spec_of_a_document_is_accepted(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "spec.py"
    file.write_text(block.text, encoding="utf-8")
    loaded = load(file)
    assert loaded.spec is not None, f"{block.at}: {[str(problem) for problem in loaded.problems]}"


def test_the_readme_shows_one() -> None:
    assert [block.document for block in SPECS].count("README.md") == 1
