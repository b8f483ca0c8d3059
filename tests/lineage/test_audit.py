"""`mlplatform audit`: every change of a record, with who approved and who committed it."""

from __future__ import annotations

import json

import pytest

from .conftest import Invoke, Project, release

GATE = {"name": "auc", "passed": False, "by": "ana"}


@pytest.fixture
def told(project: Project) -> Project:
    """6, then 7 with a gate overruled, back to 6, other files under 6, and nothing."""
    six, seven = release("6"), release("7", approver="bob", gates=[GATE], previous=release("6"))
    for day, variants in (
        ("2026-02-01", {"main": six}),
        ("2026-02-02", {"main": seven}),
        ("2026-02-03", {"main": release("6", approver="eve")}),
        ("2026-02-04", {"main": release("6", approver="eve", digests={"m.bin": "sha256:" + "b" * 64})}),
        ("2026-02-05", {"main": release("6", approver="eve", digests={"m.bin": "sha256:" + "b" * 64}, run="r1")}),
        ("2026-02-06", {"other": six}),
    ):
        project.write("dev", variants)
        project.commit(day)
    return project


def test_every_change_is_told_the_newest_first(told: Project, invoke: Invoke) -> None:
    code, text, _ = invoke("audit", "--environment", "dev", "--format", "json")
    found = json.loads(text)
    assert (code, found["gaps"]) == (0, [])
    assert [(each["day"], each["kind"], each["after"]) for each in found["changes"]] == [
        ("2026-02-06", "withdrawn", None),
        ("2026-02-06", "released", "fraud/6"),
        ("2026-02-05", "record changed", "fraud/6"),
        ("2026-02-04", "files changed", "fraud/6"),
        ("2026-02-03", "rolled back", "fraud/6"),
        ("2026-02-02", "released", "fraud/7"),
        ("2026-02-01", "released", "fraud/6"),
    ]
    overruled = found["changes"][5]
    assert (overruled["approver"], overruled["overruled"], bool(overruled["committed_by"])) == ("bob", ["auc"], True)
    assert "released fraud/6 to fraud/7, approver bob" in invoke("audit")[2]


def test_what_is_not_committed_stands_first(told: Project, invoke: Invoke) -> None:
    told.write("dev", {"other": release("9")})
    first = json.loads(invoke("audit", "--environment", "dev", "--format", "json")[1])["changes"][0]
    assert (first["after"], first["commit"], first["committed_by"]) == ("fraud/9", None, None)


def test_a_record_that_git_does_not_have_is_no_clean_record(told: Project, invoke: Invoke) -> None:
    told.write("prod", {"main": release("6")})
    code, _, flat = invoke("audit", "--environment", "prod")
    assert (code, "prod: Git does not have the record" in flat) == (0, True), flat


def test_no_record_is_refused(told: Project, invoke: Invoke) -> None:
    code, _, flat = invoke("audit", "--environment", "nope")
    assert (code, "one with a record" in flat) == (2, True), flat
