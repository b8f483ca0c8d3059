"""What is registered, and what is not."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from mlplatform.spec.candidates import CandidateSpec
from mlplatform.steps.program import run
from mlplatform.steps.register import version_of
from mlplatform.steps.validation import DataVerdict
from mlplatform.steps.verdict import GateVerdict

from .conftest import Rows, columns
from .data_cases import GOOD, look, write


@pytest.fixture
def folders(tmp_path: Path, rows: Rows) -> Path:
    """A model, and a verdict that passed."""
    (tmp_path / "model/config").mkdir(parents=True)
    (tmp_path / "model/model.bin").write_bytes(b"weights")
    (tmp_path / "model/config/a.json").write_text("{}", encoding="utf-8")
    gate = {"champion": {"metric": "auc", "test": "delong"}}
    _write(tmp_path, rows.judge(gate, values=columns(candidate=3.0, released=0.8)))
    return tmp_path


def _write(folder: Path, verdict: GateVerdict) -> None:
    (folder / "verdict").mkdir(exist_ok=True)
    (folder / "verdict/verdict.json").write_text(verdict.model_dump_json(), encoding="utf-8")
    (folder / "verdict/card.md").write_text("## Gate: passed\n", encoding="utf-8")


def _change(folder: Path, **changes: object) -> None:
    file = folder / "verdict/verdict.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), encoding="utf-8")


def register(folder: Path, *more: str, run_id: str = "r1", inputs: tuple[str, ...] = ("model", "verdict")) -> int:
    given = [word for name in inputs for word in ("--input", f"{name}={folder / name}")]
    start = ["register", "--pipeline", "retrain", "--model", "fraud", "--run", run_id]
    return run([*start, *given, "--output", f"candidate={folder / 'candidate'}", *more])


def candidate(folder: Path) -> CandidateSpec:
    return CandidateSpec.model_validate_json((folder / "candidate/candidate.json").read_bytes())


def test_a_candidate_has_its_files_digests_results_and_past(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLATFORM_COMMIT", "abc")
    monkeypatch.setenv("MLPLATFORM_DATA_VERSION", "2026-11")
    assert register(folders) == 0
    made = candidate(folders)
    assert (made.path, made.run, made.commit, made.data_version) == ("fraud/r1", "r1", "abc", "2026-11")
    assert made.digests == {
        "config/a.json": f"sha256:{hashlib.sha256(b'{}').hexdigest()}",
        "model.bin": f"sha256:{hashlib.sha256(b'weights').hexdigest()}",
    }
    assert (made.compared, made.released) == (True, "7")
    tested = next(gate for gate in made.gates if gate.test)
    assert (tested.test, tested.rows, tested.passed) == ("delong", 600, True)
    assert tested.value is not None
    assert tested.released is not None
    assert tested.value > tested.released
    assert (folders / "candidate/models/fraud/r1/config/a.json").read_text("utf-8") == "{}"
    assert (folders / "candidate/card.md").is_file()


def test_a_candidate_says_which_data_was_looked_at(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write(folders / "rows", GOOD)
    inputs = ("model", "verdict", "validation")

    def looked(**checks: object) -> DataVerdict:
        (folders / "validation").mkdir(exist_ok=True)
        verdict = look(data, checks)
        (folders / "validation/validation.json").write_text(verdict.model_dump_json())
        (folders / "validation/metrics.json").write_text("{}")
        return verdict

    passed = looked()
    assert register(folders, inputs=inputs) == 0
    assert candidate(folders).data_version == passed.data_version
    assert candidate(folders).gates[0].name == "11 checks of 4 rows of data"
    looked(least_rows=5, ends_run=False)
    assert register(folders, inputs=inputs) == 3
    assert "the look at the data refused it: at least 5 rows" in capsys.readouterr().err
    (folders / "validation/validation.json").write_text("{}")
    assert register(folders, inputs=inputs) == 2


def test_a_step_that_is_tried_again_does_the_same(folders: Path) -> None:
    given = ("--version", "8", "--models", str(folders / "models"))
    assert register(folders, *given) == 0
    first = (folders / "candidate/candidate.json").read_bytes()
    (folders / "models/fraud/8/model.bin").unlink()  # it stopped half-way
    assert register(folders, *given) == 0
    assert (folders / "candidate/candidate.json").read_bytes() == first
    assert (folders / "models/fraud/8/model.bin").is_file()


def test_a_version_never_changes(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert register(folders, "--version", "8") == 0
    (folders / "model/model.bin").write_bytes(b"others")
    assert register(folders, "--version", "8") == 3
    assert "a version never changes" in capsys.readouterr().err
    assert (folders / "candidate/models/fraud/8/model.bin").read_bytes() == b"weights"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"outcome": "refused"}, 2, "expected 'passed', as the findings say"),
        ({"run": "r0"}, 3, "set cache_days of the gate's step to 0"),
        ({"model": "credit"}, 3, "the verdict is of model credit, and this is model fraud"),
        ({"outcome": "ok"}, 2, "outcome"),
        ({"more": 1}, 2, "more"),
        # the findings decide, not the word at the top
        ({"findings": []}, 2, "findings"),
    ],
)
def test_what_did_not_pass_is_not_registered(
    folders: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, object], code: int, words: str
) -> None:
    _change(folders, **changes)
    assert register(folders) == code
    assert words in capsys.readouterr().err
    assert not (folders / "candidate").exists()


@pytest.mark.parametrize(("recall", "words"), [(0.7, "the gate refused it"), ("?", "the gate could not judge it")])
def test_only_what_passed_is_registered(
    folders: Path, rows: Rows, capsys: pytest.CaptureFixture[str], recall: object, words: str
) -> None:
    _write(folders, rows.judge({}, values=columns(), metrics={"recall": recall}))
    assert register(folders) == 3
    assert f"{words}: recall at least 0.8" in capsys.readouterr().err
    assert not (folders / "candidate").exists()


def test_a_verdict_that_contradicts_itself_is_no_verdict(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    findings = json.loads((folders / "verdict/verdict.json").read_text("utf-8"))["findings"]
    findings[0]["outcome"] = "refused"
    _change(folders, findings=findings)
    assert register(folders) == 2
    assert "refused" in capsys.readouterr().err


def test_what_is_missing_is_named(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert register(folders, inputs=("model",)) == 2
    assert "no input has verdict.json" in capsys.readouterr().err
    assert register(folders, inputs=("verdict",)) == 2
    assert "none could be the model's folder" in capsys.readouterr().err
    (folders / "empty").mkdir()
    (folders / "model").rename(folders / "files")
    assert register(folders, inputs=("files", "empty", "verdict")) == 2
    assert "empty, files could be the model's folder" in capsys.readouterr().err
    assert register(folders, inputs=("empty", "verdict")) == 2
    assert "has no files" in capsys.readouterr().err
    assert register(folders, "--version", "../8", inputs=("files", "verdict")) == 2
    assert "version" in capsys.readouterr().err
    assert not (folders / "candidate").exists()


def test_versions_are_made_of_runs() -> None:
    assert version_of("fraud-retrain-20261129") == "fraud-retrain-20261129"
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/retrain/execution/abcdefgh"
    versions = [version_of(run) for run in (arn, arn + "i", "a" * 80, "a" * 81, "://", "_x", "1.")]
    assert len(set(versions)) == len(versions)
    for version in versions:
        CandidateSpec.model_validate(
            {
                "model": "m",
                "version": version,
                "pipeline": "p",
                "run": "r",
                "digests": {"a": f"sha256:{'0' * 64}"},
                "gates": [{"name": "a"}],
            }
        )


def test_the_step_gets_a_token_of_its_own_for_a_server_on_cloud_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    from mlplatform.steps import tracking

    asked: list[tuple[str, str | None]] = []

    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Metadata-Flavor"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"of-the-step\n")

        def log_message(self, format: str, *args: object) -> None:
            pass

    monkeypatch.setenv(tracking.TOKEN, "")
    monkeypatch.setenv(tracking.SERVER, "http://127.0.0.1:1")
    log_in = vars(tracking)["_log_in"]
    log_in()
    assert os.environ[tracking.TOKEN] == "", "a server elsewhere"
    server = HTTPServer(("127.0.0.1", 0), Metadata)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        monkeypatch.setenv("GCE_METADATA_HOST", f"127.0.0.1:{server.server_port}")
        monkeypatch.setenv(tracking.SERVER, "https://acme-tracking-1.europe-west3.run.app/")
        log_in()
        assert os.environ[tracking.TOKEN] == "of-the-step"
        log_in()
    finally:
        server.shutdown()
        server.server_close()
    path = "/computeMetadata/v1/instance/service-accounts/default/identity"
    audience = "audience=https%3A%2F%2Facme-tracking-1.europe-west3.run.app"
    assert asked == [(f"{path}?{audience}", "Google")], "a token that is there is used"
    monkeypatch.setenv(tracking.TOKEN, "")
    with pytest.raises(ValueError, match="no token for the model registry"):
        log_in()


def test_a_named_registry_without_its_library_is_no_success(
    folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "mlflow", None)  # type: ignore[arg-type]
    assert register(folders) == 2
    assert "install mlflow-skinny" in capsys.readouterr().err
    assert not (folders / "candidate/candidate.json").exists()
