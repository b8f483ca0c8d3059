"""From a run of a pipeline to its second run: trained, judged, registered, promoted, told and trained again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.pipelines.commands import definition_of
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.promote import carry_out
from mlplatform.spec.order import in_order
from mlplatform.steps import program

from ..pipelines.fraud import fraud
from .conftest import Invoke, Project

IMAGE = f"registry.example/train@sha256:{'d' * 64}"
PROGRAM = """\
import json, os, random, sys
from pathlib import Path
parameters = json.loads(os.environ["MLPLATFORM_PARAMETERS"])
random.seed(parameters["seed"])
rows = [float(line) for line in open("data.csv")]
weight = sum(row * random.random() for row in rows)
out = Path(sys.argv[1])
out.mkdir()
(out / "model.bin").write_text(str(weight))
metrics = {"loss": weight, "rows": len(rows)}
(out / "metrics-of-training.json").write_text(json.dumps(metrics))
said = {"command": [sys.executable, *sys.argv], "parameters": parameters, "metrics": metrics}
said |= {"commit": os.environ["MLPLATFORM_COMMIT"], "data_version": os.environ["MLPLATFORM_DATA_VERSION"]}
said |= {"repository": os.environ["REPOSITORY"]}
(out / "training.json").write_text(json.dumps(said))
"""


def _step(kind: str, *words: str) -> None:
    assert program.run([kind, "--pipeline", "fraud-retrain", "--model", "fraud", "--run", "r1", *words]) == 0


def _there(command: Sequence[str]) -> str:
    """Stands in for the cloud's command line: what was copied is there."""
    return "" if "cp" in command else "\n".join(["model.bin", "metrics-of-training.json", "training.json"])


def test_what_a_run_stamps_is_enough_to_train_the_same_again(
    project: Project, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry_out.carry_out, "__defaults__", (_there,))
    code = Project(tmp_path / "code")
    (code.root / "train.py").write_text(PROGRAM, "utf-8")
    (code.root / "data.csv").write_text("1\n2.5\n", "utf-8")
    commit = code.commit("2026-01-05")
    monkeypatch.setenv("REPOSITORY", f"git+file://{code.root}")
    for name, value in (("COMMIT", commit), ("DATA_VERSION", "md5:1"), ("PARAMETERS", '{"seed": 7}')):
        monkeypatch.setenv(f"MLPLATFORM_{name}", value)
    subprocess.run([sys.executable, "train.py", "model"], cwd=code.root, check=True)
    model, work = code.root / "model", tmp_path / "work"
    (work / "metrics").mkdir(parents=True)
    (work / "metrics/metrics.json").write_text('{"auc": 0.9, "rows": 600}', "utf-8")
    gate = '{"thresholds": [{"metric": "auc", "at_least": 0.8}]}'
    _step("gate", f"--input=metrics={work / 'metrics'}", f"--output=verdict={work / 'verdict'}", "--gate", gate)
    digest = f"sha256:{'e' * 64}"
    known = ["--definition", digest, "--training-image", "registry.example/train:1", "--parameter", "seed:integer=7"]
    folders = [f"--input=model={model}", f"--input=verdict={work / 'verdict'}", f"--output=candidate={work / 'made'}"]
    _step("register", *folders, *known, "--parameter", "share:float=0.5")
    to = ("--endpoint", "scorer", "--to", "dev", "--by", "ana")
    code_of, _, flat = invoke("promote", "--candidate", str(work / "made/candidate.json"), *to)
    assert code_of == 0, flat
    project.commit("2026-01-06")
    code_of, _, flat = invoke("lineage", "fraud/r1")
    assert code_of == 0, flat
    for words in (commit, "md5:1", digest, "r1", "fraud-retrain", "auc at least 0.8", "git+file://"):
        assert words in flat, words
    assert invoke("reproduce", "fraud/r1", "-o", "again.sh")[0] == 0
    for variable in ("MLPLATFORM_COMMIT", "MLPLATFORM_DATA_VERSION", "MLPLATFORM_PARAMETERS"):
        monkeypatch.delenv(variable)  # the script alone sets them
    (code.root / "data.csv").write_text("9\n9\n9\n", "utf-8")
    code.commit("2026-01-07")  # the data of today is another
    subprocess.run(["sh", "again.sh", "second"], cwd=project.root, check=True, capture_output=True)
    second = project.root / "second/model"
    assert (second / "model.bin").read_bytes() == (model / "model.bin").read_bytes()
    code_of, _, flat = invoke("reproduce", "fraud", "--compare", str(second / "metrics-of-training.json"))
    assert (code_of, "measured the same: loss, rows" in flat) == (0, True), flat


def test_the_pipeline_hands_what_it_knows_to_the_step_that_registers() -> None:
    for cloud in ("aws", "gcp", "azure"):
        spec, pipeline = fraud(cloud)
        meaning = meaning_on(discovery.backend(cloud), spec, pipeline)
        words = ["".join(map(str, word)) for word in meaning.task("register").command]
        image = words[words.index("--training-image") + 1]
        assert image == meaning.task("train").image
        assert meaning.task("train").env["MLPLATFORM_RUN_IMAGE"] == (image,)
        assert words[words.index("--definition") + 1] == definition_of(in_order(pipeline))
        assert [word.partition("=")[0] for word in words if ":integer=" in word] == ["rounds:integer"]
