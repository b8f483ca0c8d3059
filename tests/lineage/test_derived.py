"""`mlplatform lineage --data`: what learned from a version of the data, and how it is deleted."""

from __future__ import annotations

import json

import pytest

from .conftest import Invoke, Project, release

OLD, NEW = "claims@v6", "claims@v7"


@pytest.fixture
def trained(project: Project) -> Project:
    """dev serves what learned from v7, after v6; prod what learned from v7 and nothing before; qa does not say."""
    before = release("6", data_version=OLD)
    project.write("dev", {"main": release("7", data_version=NEW, run="run-7", previous=before)})
    project.write("prod", {"main": release("7", data_version=NEW, run="run-7"), "other": release("5")})
    project.commit("2026-02-05")
    return project


def test_what_serves_is_replaced_before_anything_is_deleted(trained: Project, invoke: Invoke) -> None:
    code, text, _ = invoke("lineage", "--data", NEW, "--format", "json")
    found = json.loads(text)
    assert code == 0
    assert [(each["environment"], each["serves"]) for each in found["releases"]] == [("dev", True), ("prod", True)]
    back, anew, files, run, data, last = found["steps"]
    assert "release the version before, fraud/6: `mlplatform promote --back --endpoint scorer --to dev" in back
    assert "train without this data and release the result: `mlplatform promote fraud/VERSION" in anew
    assert files.startswith("delete s3://acme-dev-models-123456789012-us-east-1-an/fraud/7/ with all former versions")
    assert "run-7" in run
    assert data.startswith(f"delete {NEW} itself")
    assert "keep this list" in last


def test_nobody_goes_back_to_what_learned_from_it_too(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"main": release("7", data_version=NEW, previous=release("6", data_version=NEW))})
    first = json.loads(invoke("lineage", "--data", NEW, "--format", "json")[1])["steps"][0]
    assert "--back" not in first


@pytest.mark.parametrize("before", [None, release("6")])
def test_nobody_goes_back_to_what_may_have_learned_from_it(project: Project, invoke: Invoke, before: object) -> None:
    project.write("dev", {"main": release("7", data_version=NEW, **({"previous": before} if before else {}))})
    assert "--back" not in json.loads(invoke("lineage", "--data", NEW, "--format", "json")[1])["steps"][0]


def test_a_former_release_is_told_too(trained: Project, invoke: Invoke) -> None:
    code, _, flat = invoke("lineage", "--data", OLD)
    assert code == 0
    assert "dev on aws: scorer, main: fraud/6, the release before" in flat
    assert "a reviewed edit of `previous`, takes it out" in flat


def test_what_nobody_recorded_is_not_taken_for_no(trained: Project, invoke: Invoke) -> None:
    flat = invoke("lineage", "--data", NEW)[2]
    assert "1 release may have learned from it too; their records do not say: prod on aws: scorer, other" in flat


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--data", "claims@v8"), "did you mean"),
        (("--data", "x", "fraud"), "got both MODEL and --data, or none"),
        ((), "got both MODEL and --data, or none"),
        (("--data", NEW, "--format", "markdown"), "expected text or json"),
    ],
)
def test_bad_input_is_refused(trained: Project, invoke: Invoke, args: tuple[str, ...], words: str) -> None:
    code, _, flat = invoke("lineage", *args)
    assert (code, words in flat) == (2, True), flat


def test_a_shadow_is_named_as_one(project: Project, invoke: Invoke) -> None:
    project.write("dev", {"shadow": release("7", data_version=NEW, previous=release("6", data_version=OLD))})
    first = json.loads(invoke("lineage", "--data", NEW, "--format", "json")[1])["steps"][0]
    assert "--target aws --shadow --by NAME" in first
    assert "--variant" not in first
