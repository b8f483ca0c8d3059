"""`mlplatform inventory`: every model with owner, data class, versions, approver, day and last review."""

from __future__ import annotations

import csv
import io
import json

import pytest

from .conftest import Invoke, Project, release

PROD = "s3://acme-prod-models-123456789012-us-east-1-an/fraud/6/"


@pytest.fixture
def released(project: Project) -> Project:
    """`fraud/7` in dev since the 5th, reviewed later; prod waits."""
    review = {"day": "2026-03-01", "by": "eve", "note": "still calibrated"}
    project.write("dev", {"main": release("7", previous=release("6"), review=review)})
    project.write("prod", {"main": release("6", artifact=PROD, approver="=cmd|' /C calc'!A0")})
    project.commit("2026-02-05")
    return project


def test_every_model_has_its_row(released: Project, invoke: Invoke) -> None:
    code, text, _ = invoke("inventory", "--format", "json")
    assert code == 0
    rows = {(each["model"], each["environment"]): each for each in json.loads(text)["models"]}
    assert set(rows) == {("fraud", "dev"), ("fraud", "prod"), ("churn", "dev"), ("churn", "prod")}
    dev = rows["fraud", "dev"]
    assert (dev["owner"], dev["data_class"], dev["version"], dev["previous"]) == ("risk-team", "confidential", "7", "6")
    assert (dev["since"], dev["reviewed"], dev["reviewer"]) == ("2026-02-05", "2026-03-01", "eve")
    # without a later review, the release was the last one
    assert rows["fraud", "prod"]["reviewed"] == "2026-02-05"
    assert rows["churn", "dev"]["version"] is None
    flat = invoke("inventory")[2]
    assert "fraud: owner risk-team, data confidential" in flat
    assert "churn: owner risk-team, data confidential dev on aws: no version released" in flat
    assert "2 models, 2 releases" in flat


def test_a_spreadsheet_runs_nothing(released: Project, invoke: Invoke) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("inventory", "--format", "csv")[1])))
    assert [row["approver"] for row in rows if row["environment"] == "prod" and row["version"]] == [
        "'=cmd|' /C calc'!A0"
    ]
    markdown = invoke("inventory", "--format", "markdown")[1]
    assert "=cmd|" not in markdown
    assert markdown.count("\n") == 6


def test_specs_can_be_named(released: Project, invoke: Invoke) -> None:
    code, _, flat = invoke("inventory", "dev")
    assert (code, "prod on aws" in flat) == (0, False)
    (released.records / "prod.json").unlink()
    assert "prod on aws: scorer, main: no version released" in invoke("inventory", "prod")[2]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("dev", "stacks/dev.yaml"), "the second one of dev"),
        (("nope",), "no such stack"),
        (("dev", "--records", "stacks/models"), "leave one of them out"),
    ],
)
def test_bad_input_is_refused(released: Project, invoke: Invoke, args: tuple[str, ...], words: str) -> None:
    code, _, flat = invoke("inventory", *args)
    assert (code, words in flat) == (2, True), flat


def test_an_environment_without_a_record_is_listed(released: Project, invoke: Invoke) -> None:
    """What nobody released is in no record, and is a model all the same."""
    (released.records / "prod.json").unlink()
    assert "prod on aws: scorer, main: no version released" in invoke("inventory")[2]


@pytest.mark.parametrize("folder", [True, False])
def test_without_any_record_all_models_wait(project: Project, invoke: Invoke, folder: bool) -> None:
    for file in project.records.glob("*.json"):
        file.unlink()
    if not folder:
        project.records.rmdir()
    code, _, flat = invoke("inventory")
    assert (code, "2 models, 0 releases" in flat) == (0, True), flat


def test_a_spec_that_is_refused_is_told_and_not_silently_left_out(released: Project, invoke: Invoke) -> None:
    (released.root / "stacks" / "qa.yaml").write_text("name: 7\n", "utf-8")
    code, _, flat = invoke("inventory")
    assert (code, "left out: qa.yaml, which is no valid spec" in flat) == (0, True), flat


def test_a_folder_that_is_no_project_is_refused(
    released: Project, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(released.root.parent)
    code, _, flat = invoke("inventory")
    assert (code, "no Pulumi.yaml here or above" in flat) == (2, True), flat


def test_a_record_without_a_spec_is_refused(released: Project, invoke: Invoke) -> None:
    text = (released.records / "dev.json").read_text("utf-8").replace('"dev"', '"qa"')
    (released.records / "qa.json").write_text(text, "utf-8")
    code, _, flat = invoke("inventory")
    assert (code, "no such stack" in flat) == (2, True), flat
