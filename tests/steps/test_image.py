"""The image of a pipeline's own steps is pinned, small and without rights."""

from __future__ import annotations

import re

from ..conftest import ROOT

FOLDER = ROOT / "templates" / "steps"


def test_everything_is_pinned() -> None:
    lines = (FOLDER / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases
    assert all(re.fullmatch(r"FROM \S+:\S+@sha256:[0-9a-f]{64}", line) for line in bases)
    for words in (
        part for line in lines if line.startswith("RUN ") for part in line.split("&&") if "pip install" in part
    ):
        assert "--require-hashes" in words or "--no-index" in words, words
        assert "--no-cache-dir" in words
    assert any(re.fullmatch(r"USER [1-9]\d*", line) for line in lines), "a number: a cluster checks that it is not root"


def test_the_lock_is_the_one_that_is_proven_and_has_hashes() -> None:
    text = (FOLDER / "requirements.lock").read_text("utf-8")
    assert text == (ROOT / "tests/proofs/steps/requirements.lock").read_text("utf-8")
    packages = re.findall(r"^([a-z0-9-]+)==.*\\\n    --hash=sha256:", text, re.M)
    assert {"numpy", "pandera", "pyarrow", "pydantic", "scipy"} <= set(packages)
    assert "pulumi" not in packages
    assert "://" not in text
