"""Rehearsals as text, JSON and JUnit."""

from __future__ import annotations

import json
from xml.etree import ElementTree as Xml

from mlplatform.rehearse.model import FaultOutcome, Leftover, Rehearsal, RehearsalFailure, RehearsalPhase
from mlplatform.views.rehearsal import json as json_view
from mlplatform.views.rehearsal import junit as junit_view
from mlplatform.views.rehearsal import text as text_view
from mlplatform.views.style import Style

FAILED = RehearsalFailure(
    "alarms (aws:sns/topic:Topic)", "AuthorizationError: \x07 no", "the role may not", "https://x.example"
)
STAYS = (
    *[Leftover("config (aws:sagemaker/endpointConfiguration:EndpointConfiguration)", "retained on purpose")] * 2,
    *(Leftover(f"key-{number} (aws:kms/key:Key)", "the key waits for its deletion") for number in range(9)),
)
REHEARSAL = Rehearsal(
    "dev-aws",
    "aws",
    3,
    (
        RehearsalPhase("up", "everything is made", True, 2.0, 900.0, {"create": 3}),
        RehearsalPhase("destroy", "nothing is left", False, 1.0, 0.0, {}, (FAILED,), ("a note",), STAYS),
    ),
    (FaultOutcome("create of alarms: refused", True, "a plain re-run", 4.0),),
)


def test_the_text_has_failures_and_their_causes() -> None:
    text = text_view.document([REHEARSAL], Style())
    assert "dev-aws  3 resources, 2 phases, 7 s" in text
    assert "FAILED" in text
    assert "15 min" in text
    assert "likely cause: the role may not" in text
    assert "  destroy: a note\n" in text
    assert "  destroy: retained on purpose (2): config (2)\n" in text
    assert "  destroy: the key waits for its deletion (9): key-0, key-1" in text
    assert max(map(len, text_view.document([REHEARSAL], Style(width=60)).split("destroy: the")[1].splitlines())) <= 60
    assert "1 of 1 faults survived" in text
    assert "0 of 1 rehearsals passed" in text


def test_json_and_junit_have_the_failures() -> None:
    body = json.loads(json_view.document([REHEARSAL]))
    assert body["ok"] is False
    assert body["rehearsals"][0]["phases"][1]["failures"][0]["cause"] == "the role may not"
    assert len(body["rehearsals"][0]["phases"][1]["stays"]) == 11
    (suite,) = Xml.fromstring(junit_view.document([REHEARSAL]))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert "AuthorizationError: ? no" in failure.text
