"""`mlplatform reproduce`: a second run with the same metrics, what is lacking, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import COMMIT, Invoke, Project, release

PROGRAM = """\
import json, os, random, sys
given = json.loads(os.environ["MLPLATFORM_PARAMETERS"])
random.seed(given["seed"])
rows = [float(line) for line in open("data.csv")]
weight = sum(row * random.random() for row in rows)
json.dump({"loss": weight, "rows": len(rows)}, open(sys.argv[1], "w"))
"""
IMAGE = f"registry.example/train@sha256:{'d' * 64}"


def test_the_second_run_measures_the_same(project: Project, invoke: Invoke, tmp_path: Path) -> None:
    code = Project(tmp_path / "code")
    (code.root / "train.py").write_text(PROGRAM, "utf-8")
    (code.root / "data.csv").write_text("1\n2.5\n", "utf-8")
    commit = code.commit("2026-01-05")
    (code.root / "data.csv").write_text("9\n9\n9\n", "utf-8")
    code.commit("2026-01-06")  # the data of today is another
    training: dict[str, object] = {
        "repository": f"git+file://{code.root}",
        "command": [sys.executable, "train.py", "metrics.json"],
        "parameters": {"seed": 7},
    }
    project.write("dev", {"main": release("7", commit=commit, data_version="v1", training=training)})

    def run(folder: str) -> Path:
        script = project.root / "again.sh"
        assert invoke("reproduce", "fraud/7", "-o", str(script))[0] == 0
        subprocess.run(["sh", str(script), folder], cwd=project.root, check=True, capture_output=True)
        return project.root / folder / "metrics.json"

    first = run("first")
    training["metrics"] = json.loads(first.read_text("utf-8"))
    project.write("dev", {"main": release("7", commit=commit, data_version="v1", training=training)})
    code_of, _, flat = invoke("reproduce", "fraud", "--compare", str(run("second")))
    assert (code_of, "measured the same: loss, rows" in flat) == (0, True)
    # a comparison that finds no difference would prove nothing
    first.write_text('{"loss": 1.0}', "utf-8")
    code_of, _, flat = invoke("reproduce", "fraud", "--compare", str(first))
    assert code_of == 1
    assert "loss: " in flat
    assert "rows: 2.0 recorded, not measured" in flat
    # a folder that is there is never written into
    again = subprocess.run(["sh", "again.sh", "first"], cwd=project.root, check=False, capture_output=True)
    assert again.returncode == 2


def test_nothing_in_the_record_is_run_but_the_command(project: Project, invoke: Invoke) -> None:
    evil = "$(touch evil)`touch evil`'; touch evil #\n touch evil"
    training = {"command": ["echo", evil], "parameters": {"a": evil}, "image": IMAGE}
    variants = {"main": release("7", data_version="v1 $(touch evil)", run="r $(touch evil)", training=training)}
    project.write("dev", variants)
    code, script, _ = invoke("reproduce", "fraud/7")
    assert code == 0
    script = script.replace("exec docker run", "exec echo docker run")
    subprocess.run(["sh"], input=script, text=True, cwd=project.root, check=True, capture_output=True)
    assert not list(project.root.rglob("evil"))


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("git+https://git.example/a.git", f"checkout --quiet --detach {COMMIT}"),
        ("hg+https://hg.example/a", f"hg clone --quiet --updaterev {COMMIT}"),
        ("svn+https://svn.example/a/trunk", f"svn checkout --quiet --revision {COMMIT}"),
    ],
)
def test_each_version_control_has_its_own_command(
    project: Project, invoke: Invoke, repository: str, words: str
) -> None:
    training = {"repository": repository, "command": ["python", "t.py"], "image": IMAGE}
    project.write("dev", {"main": release("7", commit=COMMIT, training=training)})
    code, script, flat = invoke("reproduce", "fraud")
    assert code == 0
    assert words in script
    assert f"--workdir /work --env MLPLATFORM_COMMIT --env MLPLATFORM_IMAGE {IMAGE} python t.py" in script
    # nothing is invented
    assert "no record says data_version of fraud/7" in flat
    assert "# No record says training.parameters: nothing stands in for it." in script
    assert "DATA_VERSION" not in script


def test_a_request_for_tools_says_what_is_lacking(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7", run="run-7", training={"pipeline": "train-fraud"})})
    code, text, _ = invoke("reproduce", "fraud/7", "--format", "json")
    body = json.loads(text) if code == 0 else {}
    assert (body["pipeline"], body["first_run"], body["commit"]) == ("train-fraud", "run-7", None)
    lacking = {"commit", "data_version", *(f"training.{name}" for name in ("repository", "image", "command"))}
    assert lacking <= set(body["lacking"])
    code, _, flat = invoke("reproduce", "fraud/7")
    assert (code, "start the pipeline train-fraud" in flat) == (2, True)


TRAINED = {"command": ["python", "t.py"], "image": IMAGE}


@pytest.mark.parametrize(
    ("fields", "args", "words"),
    [
        ({}, (), "neither a commit nor an image"),
        ({"commit": COMMIT, "training": TRAINED}, (), "add --repository"),
        ({"commit": COMMIT, "training": TRAINED}, ("--repository", "https://git.example/a"), "--repository"),
        ({"commit": COMMIT, "training": TRAINED}, ("--repository", "git+https://u:p@h/a"), "without a password"),
        (
            {"commit": "--upload-pack=x", "training": {**TRAINED, "repository": "git+https://git.example/a"}},
            (),
            "a commit, a revision or a tag",
        ),
        ({"training": TRAINED}, ("--compare", "stacks/dev.yaml"), "no metrics in the record"),
    ],
)
def test_what_cannot_be_run_is_refused(
    project: Project, invoke: Invoke, fields: dict[str, object], args: tuple[str, ...], words: str
) -> None:
    project.write("dev", {"main": release("7", **fields)})
    code, _, flat = invoke("reproduce", "fraud", *args)
    assert (code, words in flat) == (2, True), flat


def test_several_versions_and_contradictions_are_refused(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7", commit=COMMIT)})
    project.write("prod", {"main": release("6"), "next": release("7", commit="e" * 40)})
    assert "several versions: fraud/6, fraud/7" in invoke("reproduce", "fraud")[2]
    code, _, flat = invoke("reproduce", "fraud/7")
    assert (code, "other commit in prod" in flat) == (2, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "an object"),
        ("{", "valid JSON"),
        ('{"image": "train:latest"}', "image"),
        ('{"repository": "git+https://u:secret@h/a"}', "an address without a password"),
        ('{"comand": ["x"]}', "comand"),
    ],
)
def test_promote_refuses_a_run_that_says_too_little(project: Project, invoke: Invoke, text: str, words: str) -> None:
    (project.root / "run.json").write_text(text, "utf-8")
    args = ("fraud/7", "--endpoint", "scorer", "--to", "dev", "--by", "ana", "--training", "run.json", "--dry-run")
    code, _, flat = invoke("promote", *args)
    assert (code, words in flat) == (2, True), flat
    assert "secret" not in flat


def test_promote_keeps_the_run_in_the_record(project: Project, invoke: Invoke) -> None:
    (project.root / "run.json").write_text('{"command": ["python", "t.py"], "parameters": {"n": 1}}', "utf-8")
    (project.root / "m.bin").write_text("m", "utf-8")
    args = ("fraud/7", "--endpoint", "scorer", "--to", "dev", "--by", "ana", "--artifact", "m.bin")
    code, text, _ = invoke("promote", *args, "--training", "run.json", "--dry-run")
    assert code == 0
    kept = json.loads(text)["targets"]["aws"]["scorer"]["main"]["training"]
    assert kept == {"command": ["python", "t.py"], "parameters": {"n": 1}}
