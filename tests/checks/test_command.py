"""`mlplatform check`: exit codes, formats, acceptances, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import VALID

from mlplatform.checks.catalogue import built_in_rules
from mlplatform.plan.model import Plan

NOW = date(2026, 5, 1)
ENTRY = "- {{rule: {rule}, resource: '{resource}', reason: r, owner: o, expires: {expires}{more}}}\n"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplatform.plan.acceptance.today", lambda: NOW)
    monkeypatch.setattr("mlplatform.plan.acceptance_file.today", lambda: NOW)


@pytest.fixture
def accepted(tmp_path: Path) -> Callable[..., str]:
    def write(*entries: tuple[str, str], expires: str = "2026-06-01", more: str = "") -> str:
        file = tmp_path / "accepted.yaml"
        file.write_text("".join(ENTRY.format(rule=r, resource=n, expires=expires, more=more) for r, n in entries))
        return str(file)

    return write


BOTH = (("bucket-public-access", "data"), ("message-encryption", "*"))


def test_findings_fail_by_level(command, plan_file):
    result = command("check", plan_file())
    assert result.code == 1
    assert "1 critical, 1 medium" in result.out
    assert result.out.index("bucket-public-access") < result.out.index("message-encryption")
    assert "cannot be known before creation: bucket-encryption (1)" in result.flat
    assert command("check", plan_file(), "--fail-on", "critical").code == 1


def test_nothing_found_is_nought(command, plan_file, open_plan: Plan):
    result = command("check", plan_file(Plan("gcp", "p", "s", open_plan.steps[1:])), "--fail-on", "high")
    assert result.code == 0
    assert "1 medium" in result.out


def test_what_is_accepted_does_not_stop_the_gate(command, plan_file, accepted):
    result = command("check", plan_file(), "--accepted", accepted(*BOTH))
    assert result.code == 0
    assert "accepted" in result.out
    assert "until 2026-06-01 by o: r" in result.flat


def test_an_expired_acceptance_stops_it_with_a_clear_line(command, plan_file, accepted):
    result = command("check", plan_file(), "--accepted", accepted(*BOTH, expires="2026-04-30"), "--fail-on", "critical")
    assert result.code == 1
    assert "expired on 2026-04-30; renew or remove it" in result.flat


def test_levels_are_changed_by_the_file_alone(command, plan_file, accepted):
    result = command("check", plan_file(), "--accepted", accepted(*BOTH, more=", level: low"))
    assert result.code == 0
    assert "2 low" in result.out


def test_what_nothing_needs_and_rules_that_do_not_exist_are_told(command, plan_file, accepted):
    file = accepted(*BOTH, ("bucket-tls", "data"), ("no-such-rule", "*"))
    result = command("check", plan_file(), "--accepted", file)
    assert result.code == 0
    assert "bucket-tls of data: nothing needs it" in result.flat
    assert "no-such-rule of *: nothing needs it" in result.flat


def test_a_wrong_file_is_refused_with_every_problem(command, plan_file, tmp_path: Path):
    (tmp_path / "accepted.yaml").write_text("- rule: a-b\n  level: worst\n")
    result = command("check", plan_file(), "--accepted", str(tmp_path / "accepted.yaml"))
    assert result.code == 2
    assert all(word in result.err for word in ("[0].reason", "[0].owner", "[0].expires", "[0].level", "[0].resource"))


def test_json_has_everything(command, plan_file, accepted):
    body = json.loads(command("check", plan_file(), "--format", "json", "--accepted", accepted(BOTH[0])).out)
    (cloud,) = body["clouds"]
    assert [finding["rule"] for finding in cloud["findings"]] == ["message-encryption"]
    assert cloud["accepted"][0]["by"]["owner"] == "o"
    assert cloud["unknown"][0]["rule"] == "bucket-encryption"
    assert {"rule": "bucket-tls", "urn": cloud["findings"][0]["urn"]} not in cloud["compliant"]
    assert len(cloud["compliant"]) > 5


def test_sarif_is_what_code_scanning_takes(command, plan_file, accepted):
    body = json.loads(command("check", plan_file(), "--format", "sarif", "--accepted", accepted(BOTH[1])).out)
    (run,) = body["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert (body["version"], len(rules)) == ("2.1.0", len(built_in_rules()))
    by_rule = {result["ruleId"]: result for result in run["results"]}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert by_rule["bucket-public-access"]["level"] == "error"
    assert "suppressions" not in by_rule["bucket-public-access"]
    assert by_rule["message-encryption"]["suppressions"][0]["justification"] == "r (o, until 2026-06-01)"
    assert by_rule["bucket-encryption"]["kind"] == "open"
    prints = [result["partialFingerprints"]["mlplatformFinding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_junit_fails_what_the_gate_stops(command, plan_file, accepted):
    text = command("check", plan_file(), "--format", "junit", "--accepted", accepted(BOTH[1])).out
    (suite,) = ElementTree.fromstring(text.encode())
    cases = {case.get("classname"): case for case in suite}
    assert suite.get("failures") == "1"
    failure = cases["bucket-public-access"].find("failure")
    assert failure is not None
    assert failure.get("type") == "critical"
    assert cases["message-encryption"].find("skipped") is not None
    assert cases["bucket-encryption"].find("skipped") is not None
    assert int(suite.get("tests", "0")) == len(suite) > 8


def test_markdown_lets_no_name_write_markup(command, plan_file, open_plan: Plan):
    import dataclasses

    evil = dataclasses.replace(open_plan.steps[0], urn=open_plan.steps[0].urn + "|<b>@all[x](y)`", name="x")
    text = command("check", plan_file(Plan("gcp", "p", "s", (evil,))), "--format", "markdown").out
    (row,) = [line for line in text.splitlines() if "bucket-public-access" in line]
    cells = row.strip("| ").split(" | ")
    assert len(cells) == 4
    name = cells[1].split("`` `")[0]
    assert name.startswith("`` data")
    assert "<b>@all[x](y)`" in name  # inside a code span, which a single backtick does not end


def test_a_file_is_written_and_the_gate_still_stops(command, plan_file, tmp_path: Path):
    target = tmp_path / "out.json"
    result = command("check", plan_file(), "--format", "json", "-o", str(target))
    assert (result.code, result.out) == (1, "")
    assert json.loads(target.read_text())["clouds"]


def test_a_spec_is_planned_with_what_the_cloud_would_answer(command, tmp_path: Path):
    (tmp_path / "acme.yaml").write_text(VALID)
    result = command("check", "acme.yaml", "--format", "sarif")
    assert result.code in (0, 1)
    (run,) = json.loads(result.out)["runs"]
    assert all(one.get("kind") != "open" for one in run["results"])


@pytest.mark.parametrize(
    "arguments",
    [(), ("x", "--list"), ("--list", "--format", "junit"), ("no-such-file.json",), ("x", "--fail-on", "bad")],
)
def test_wrong_arguments_are_refused(command, arguments):
    result = command("check", *arguments)
    assert result.code == 2
    assert result.err


def test_the_rules_are_listed(command):
    listed = json.loads(command("check", "--list", "--format", "json").out)["rules"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in built_in_rules()]
    assert f"{len(built_in_rules())} rules" in command("check", "--list").out


def test_the_documentation_has_the_table_of_the_code(command, root: Path):
    text = command("check", "--list", "--format", "markdown").out
    assert text.strip() in (root / "docs" / "checks.md").read_text()
