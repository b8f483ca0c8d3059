"""A rule that fails is a finding: the gate stays closed, and the rest of the change is still judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.risk.conftest import evidence, report, step

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.documents import UnknownInput
from mlplatform.plan.model import Step
from mlplatform.review import review
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

BUCKET = "aws:s3/bucket:Bucket"
BEFORE = [step(BUCKET, name, {"size": 1}) for name in ("one", "two", "three", "four", "five")]


def after(**sizes: object) -> list[Step]:
    return [step(BUCKET, one.name, {"size": sizes.get(one.name, 2)}) for one in BEFORE]


def _size(change: ResourceChange) -> int:
    size = change.step.inputs["size"]
    if size == "unknown":
        raise UnknownInput("size")
    return int(size)  # type: ignore[call-overload]


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "create"):
        if _size(change) > 1:
            yield Hit("low", change.step.urn, "It grows.", "size")


GROWS = RiskRule("grows", "cost", "Nothing grows", "Keep it small.", _examine)


def _fails(evidence: Evidence) -> Iterator[Hit]:
    raise RuntimeError(str(evidence))


def found(after: list[Step], rule: RiskRule = GROWS) -> dict[str, tuple[str, str]]:
    return {one.name: (one.level, one.rule) for one in report(BEFORE, after, rule).findings}


def test_one_resource_that_a_rule_cannot_read_does_not_hide_the_others():
    assert found(after(three={}, four=1)) == {
        "one": ("low", "grows"),
        "two": ("low", "grows"),
        "three": ("high", "could-not-judge"),
        "five": ("low", "grows"),
    }


def test_a_value_that_is_not_known_yet_is_said_where_it_changed():
    assert found(after(two="unknown", four=1, five="unknown"))["two"] == ("medium", "could-not-judge")
    created = [*BEFORE, step(BUCKET, "new", {"size": "unknown"})]
    assert found(created) == {"new": ("low", "could-not-judge")}


def test_a_rule_that_always_fails_is_a_finding_of_the_stack():
    everywhere = RiskRule("broken", "cost", "x", "y", _fails)
    (finding,) = report(BEFORE, BEFORE, everywhere).findings
    assert (finding.level, finding.rule, finding.name) == ("high", "could-not-judge", "acme-prod-aws")
    assert "RuntimeError at test_judging.py:" in finding.fix


def test_a_rule_that_fails_on_everything_is_not_asked_about_each(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlplatform.risk.judging.MAX_CULPRITS", 2)
    names = found(after(one={}, two={}, three={}, four={}, five={}))
    assert names == {"acme-prod-aws": ("high", "could-not-judge")}


def test_the_gate_stops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlplatform.risk.engine.all_rules", lambda: (GROWS,))
    judged = review(evidence(BEFORE, after(one={})).diff)
    assert judged.stops("high")
    assert judged.worst == "high"
