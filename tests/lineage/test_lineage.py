"""`mlplatform lineage`: the chain from the records, the day from Git, contradictions, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import COMMIT, DIGEST, Invoke, Project, release

WHOLE: dict[str, object] = {
    "data_version": "2026-11-01",
    "commit": COMMIT,
    "run": "run-7",
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/fraud",
    "image_digest": DIGEST,
    "gates": [{"name": "auc", "value": 0.91, "threshold": 0.9}, {"name": "by hand", "by": "eve"}],
    "training": {"command": ["python", "train.py"], "parameters": {"lr": 0.1, "deep": True}, "metrics": {"auc": 0.91}},
}


@pytest.fixture
def released(project: Project) -> Project:
    """`fraud/7` in dev since the 5th; a gate was added on the 9th. In prod still `fraud/6`."""
    project.write("dev", {"main": release("6")})
    project.write("prod", {"main": release("6")})
    project.commit("2026-02-01")
    image = {name: WHOLE[name] for name in ("image", "image_digest")}
    project.write("dev", {"main": release("7", **image, previous=release("6"))})
    project.commit("2026-02-05")
    project.write("dev", {"main": release("7", **WHOLE, previous=release("6"))})
    project.commit("2026-02-09")
    return project


def by_place(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["environment"], each["release"]["version"]): each for each in json.loads(text)["releases"]}


def test_the_chain_goes_from_the_version_to_who_approved_it(released: Project, invoke: Invoke) -> None:
    code, text, flat = invoke("lineage", "fraud")
    assert code == 0
    assert "fraud: fraud/7, fraud/6 released in dev, prod" in flat
    parts = ("2026-11-01", COMMIT, "run-7", f"fraud@{DIGEST}", f"m.bin {DIGEST}", "python train.py", "lr=0.1")
    for words in (*parts, "auc 0.91 (bound 0.9), passed", "by hand, passed, by eve", "approver", "deep=true"):
        assert words in text, words
    assert "not recorded data version, commit, run, training" in flat
    markdown = invoke("lineage", "fraud", "--format", "markdown")[1]
    assert "#### dev on aws: scorer, main" in markdown
    assert COMMIT in markdown


def test_the_day_is_that_of_the_release_not_of_a_later_gate(released: Project, invoke: Invoke) -> None:
    found = by_place(invoke("lineage", "fraud", "--format", "json")[1])
    assert {place: (each["serves"], each["since"]) for place, each in found.items()} == {
        ("dev", "7"): (True, "2026-02-05"),
        ("dev", "6"): (False, None),
        ("prod", "6"): (True, "2026-02-01"),
    }
    assert found["prod", "6"]["lacking"] == ["data version", "commit", "run", "training"]


def test_a_merge_counts_on_its_own_day(released: Project, invoke: Invoke) -> None:
    released.git("checkout", "--quiet", "-b", "release")
    released.write("prod", {"main": release("7")})
    released.commit("2026-02-10")
    released.git("checkout", "--quiet", "main")
    released.git("merge", "--quiet", "--no-ff", "--message", "approved", "release", day="2026-02-20")
    assert by_place(invoke("lineage", "fraud/7", "--format", "json")[1])["prod", "7"]["since"] == "2026-02-20"


def test_what_git_does_not_know_is_said(released: Project, invoke: Invoke, tmp_path: Path) -> None:
    released.write("prod", {"main": release("8")})
    assert "since not committed yet" in invoke("lineage", "fraud/8")[2]
    # CI systems check out the last commit alone: its day is not that of the releases
    released.git("clone", "--quiet", "--depth", "1", f"file://{released.root}", str(tmp_path / "shallow"))
    shallow = str(tmp_path / "shallow" / "stacks" / "models")
    assert "on or before 2026-02-09" in invoke("lineage", "fraud", "--records", shallow)[2]
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "dev.json").write_text((released.records / "dev.json").read_text("utf-8"), "utf-8")
    assert "Git does not have the record" in invoke("lineage", "fraud", "--records", str(alone))[2]


def test_one_version_with_two_origins_is_a_contradiction(project: Project, invoke: Invoke) -> None:
    other = {"m.bin": "sha256:" + "b" * 64}
    project.write("dev", {"main": release("7", commit=COMMIT)})
    project.write("prod", {"main": release("7", digests=other), "next": release("6")})
    code, _, flat = invoke("lineage", "fraud")
    assert code == 1
    assert "fraud/7: other files in prod on aws: scorer, main than in dev on aws: scorer, main" in flat
    # what one record does not say contradicts nothing
    assert "other commit" not in flat
    assert invoke("lineage", "fraud", "--environment", "prod")[0] == 0


def test_a_model_in_an_image_has_the_name_of_its_endpoint(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": {"image_digest": DIGEST, "approver": "ana"}})
    code, _, flat = invoke("lineage", "scorer")
    assert (code, DIGEST in flat) == (0, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("fruad",), "did you mean fraud?"),
        (("fraud/9",), "a version of fraud that a record names: 7"),
        (("fraud", "--environment", "prd"), "one with a record: dev"),
        (("fraud", "--records", "nowhere"), "a folder with records of releases"),
    ],
)
def test_bad_input_is_refused_with_the_fix(project: Project, invoke: Invoke, args: tuple[str, ...], words: str) -> None:
    project.write("dev", {"main": release("7")})
    code, _, flat = invoke("lineage", *args)
    assert (code, words in flat) == (2, True), flat


def test_every_refused_record_is_told(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7", comit="x")})
    (project.records / "prod.json").write_text("{", "utf-8")
    (project.records / "staging.json").write_text((project.records / "dev.json").read_text("utf-8"), "utf-8")
    code, _, flat = invoke("lineage", "fraud")
    assert code == 2
    for words in ("comit", "dev.json", "prod.json", "staging.json"):
        assert words in flat
    for file in project.records.glob("*.json"):
        file.unlink()
    assert invoke("lineage", "fraud")[0] == 2


def test_a_record_of_another_environment_is_refused(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7")})
    (project.records / "dev.json").rename(project.records / "prod.json")
    code, _, flat = invoke("lineage", "fraud")
    assert (code, "prod, as in the file's name" in flat) == (2, True)


def test_nothing_in_a_record_reaches_the_terminal_or_a_page_as_code(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7", run="a\x1b[2Jb", commit="<b>|@all`")})
    assert "\x1b" not in invoke("lineage", "fraud")[1]
    markdown = invoke("lineage", "fraud", "--format", "markdown")[1]
    assert "\x1b" not in markdown
    assert "| `` <b>\u2223@all` `` |" in markdown
