"""A rule that fails, in every document: the gate stops, the finding is there, and no text of the error is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Result

from mlplatform.checks import catalogue
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.risk import catalogue as risks
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

PREVIEW = str(Path(__file__).parents[1] / "plan" / "fixtures" / "preview.json")


def _fails(resource: Resource) -> Iterator[CheckFault]:
    raise KeyError("hunter-2")
    yield


def _fails_too(evidence: Evidence) -> Iterator[Hit]:
    raise TypeError("hunter-2")
    yield


COMMANDS = {
    "check": 1,
    "check --format json": 1,
    "check --format markdown": 1,
    "check --format sarif": 1,
    "check --format junit": 1,
    "risk": 1,
    "risk --format json": 1,
    "comment --fail-on high": 1,
    "comment --flavour gitlab": 0,
    "report -o page.html": 0,
}


@pytest.mark.parametrize("words", COMMANDS)
def test_the_finding_is_in_every_document(
    words: str, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = CheckRule(
        "broken", "low", "topic", "Title", "why", "fix", (Entry(("aws:sqs/*", "aws:sns/*", "aws:iam/*"), _fails),)
    )
    rules, risk_rules = catalogue.built_in_rules(), risks.all_rules()
    monkeypatch.setattr(catalogue, "all_rules", lambda: (*rules, check))
    risk = RiskRule("broken-risk", "topic", "Title", "fix", _fails_too)
    monkeypatch.setattr("mlplatform.risk.engine.all_rules", lambda: (*risk_rules, risk))
    name, *options = words.split()
    result = command(name, PREVIEW, *options)
    text = Path("page.html").read_text() if name == "report" else result.out
    assert result.code == COMMANDS[words], result.err
    assert "could-not-judge" in text
    assert "hunter-2" not in text
    assert "hunter-2" not in result.err
