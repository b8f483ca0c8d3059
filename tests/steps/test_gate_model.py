"""The gate looks at the model's files: their size, and the licences that they come with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.gates import GateSpec
from mlplatform.steps import program
from mlplatform.steps.evidence import read_evidence
from mlplatform.steps.judge import judge
from mlplatform.steps.judge_model import judge_licence
from mlplatform.steps.model_files import read_provenance
from mlplatform.steps.verdict import GateVerdict, card_of

from .conftest import Rows, finding

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LICENCES = {"licences": ["Apache-2.0", "MIT"]}
BASE = {"id": "acme/base", "revision": COMMIT, "licence": "MIT"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model of one MiB."""
    (tmp_path / "model/part").mkdir(parents=True)
    (tmp_path / "model/part/weights.bin").write_bytes(b"0" * 2**20)
    return tmp_path / "model"


def _judge(rows: Rows, model: Path, **gate: object) -> GateVerdict:
    spec = GateSpec.model_validate({"thresholds": [{"metric": "recall", "at_least": 0.8}], "least_rows": 20, **gate})
    inputs = rows.write(metrics={"recall": 0.9, "rows": 600})
    return judge(spec, read_evidence(spec, {**inputs, "model": model}), pipeline="retrain", model="fraud", run="r1")


def test_a_model_that_is_too_large_is_refused(rows: Rows, model: Path) -> None:
    passed = _judge(rows, model, most_model_mib=1)
    assert passed.outcome == "passed"
    assert "model/part/weights.bin" in passed.inputs
    refused = _judge(rows, model, most_model_mib=0.9)
    assert (refused.outcome, finding(refused, "0.9 MiB").value) == ("refused", 1.0)
    (model / "part/weights.bin").unlink()
    assert _judge(rows, model, most_model_mib=1).outcome == "could not judge"


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        (None, "could not judge", "nobody says its licence"),
        ("{}", "could not judge", "licence: Field required"),
        ("no json", "could not judge", "cannot be read"),
        ({"license": "MIT"}, "could not judge", "cannot be read"),
        ({"licence": "MIT"}, "passed", "it has MIT"),
        ({"licence": "CC-BY-NC-4.0"}, "refused", "the model's is CC-BY-NC-4.0"),
        ({"licence": "MIT", "base": BASE}, "passed", "trained from acme/base"),
        ({"licence": "MIT", "base": {**BASE, "licence": "llama3"}}, "refused", "that of acme/base is llama3"),
        ({"licence": "MIT", "base": {**BASE, "revision": "main"}}, "refused", "no whole commit"),
        ({"licence": "MIT", "base": {**BASE, "revision": COMMIT[:7]}}, "refused", "no whole commit"),
        ({"licence": "MIT", "base": {"id": "acme/base"}}, "could not judge", "base.revision"),
    ],
)
def test_a_licence(rows: Rows, model: Path, said: object, outcome: str, words: str) -> None:
    if said is not None:
        (model / "provenance.json").write_text(said if isinstance(said, str) else json.dumps(said))
    verdict = _judge(rows, model, **LICENCES)
    assert verdict.outcome == outcome
    assert words in finding(verdict, "licence").words


DECLARED = BaseModelSpec.model_validate({**BASE, "digest": f"sha256:{'a' * 64}"})


@pytest.mark.parametrize(
    ("said", "declared", "outcome", "words"),
    [
        ({}, DECLARED, "passed", "trained from acme/base"),
        ({"base": BASE}, DECLARED, "passed", "trained from acme/base"),
        ({}, DECLARED.overlay(licence="CC-BY-NC-4.0"), "refused", "that of acme/base is CC-BY-NC-4.0"),
        ({"base": {**BASE, "id": "acme/other"}}, DECLARED, "refused", "which no step reads"),
        ({"base": {**BASE, "revision": "f" * 40}}, DECLARED, "refused", "which no step reads"),
        ({"base": {**BASE, "licence": "Apache-2.0"}}, DECLARED, "refused", "the pipeline says MIT"),
    ],
)
def test_the_base_model_that_the_pipeline_reads(
    model: Path, said: dict[str, object], declared: BaseModelSpec, outcome: str, words: str
) -> None:
    (model / "provenance.json").write_text(json.dumps({"licence": "MIT", **said}))
    gate = GateSpec.model_validate({"thresholds": [{"metric": "recall", "at_least": 0.8}], **LICENCES})
    judged = judge_licence("licence", gate, read_provenance(model), (declared,))
    assert judged.outcome == outcome
    assert words in judged.words


def test_a_candidate_names_its_base_model(rows: Rows, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = _judge(rows, model)
    assert _register(rows, model, verdict, "--base-model", DECLARED.model_dump_json()) == 0
    said = json.loads((rows.folder / "candidate/candidate.json").read_text())
    assert said["training"]["base_models"] == [DECLARED.model_dump()]
    assert _register(rows, model, verdict, "--base-model", '{"id": "acme/base", "revision": "main"}') == 2
    assert "--base-model: revision" in capsys.readouterr().err


def _register(rows: Rows, model: Path, verdict: GateVerdict, *more: str) -> int:
    folder = rows.folder / "verdict"
    folder.mkdir(exist_ok=True)
    (folder / "verdict.json").write_text(verdict.model_dump_json())
    words = ["register", "--pipeline", "retrain", "--model", "fraud", "--run", "r1", "--input", f"model={model}"]
    return program.run(
        [*words, *more, "--input", f"verdict={folder}", "--output", f"candidate={rows.folder / 'candidate'}"]
    )


def test_only_the_files_that_were_judged_are_registered(
    rows: Rows, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = _judge(rows, model, most_model_mib=5)
    assert _register(rows, model, verdict) == 0
    (model / "part/weights.bin").write_bytes(b"others")
    assert _register(rows, model, verdict) == 3
    assert "other files" in capsys.readouterr().err


def test_who_must_sign_off_is_in_the_card_and_the_candidate(rows: Rows, model: Path) -> None:
    verdict = _judge(rows, model, sign_off=["domain-expert"])
    assert "signed off by: domain-expert" in card_of(verdict)
    assert _register(rows, model, verdict) == 0
    assert json.loads((rows.folder / "candidate/candidate.json").read_text())["sign_off"] == ["domain-expert"]


def test_a_gate_that_cannot_tell_which_folder_is_the_model(rows: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    gate = {"thresholds": [{"metric": "recall", "at_least": 0.8}], "most_model_mib": 1}
    start = ["gate", "--pipeline", "p", "--model", "m", "--run", "r", "--gate", json.dumps(gate)]
    given = [f"--input=metrics={rows.write()['metrics']}", f"--output=verdict={rows.folder / 'v'}"]
    assert program.run([*start, *given]) == 2
    assert "could be the model's folder" in capsys.readouterr().err
