"""Acceptances: what they cover, when they end, and what a wrong file is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mlplatform.plan.acceptance import Acceptance, apply_acceptances
from mlplatform.plan.acceptance_file import FILE, find_acceptance_file, read_acceptances
from mlplatform.plan.finding import Finding
from mlplatform.reading.partial import Unacceptable

NOW = date(2026, 5, 1)
URN = "urn:pulumi:prod-aws::acme::aws:s3/bucket:Bucket::"


def _finding(rule: str, name: str) -> Finding:
    return Finding(rule, "high", URN + name, "It is open.")


def _entry(**changes: object) -> Acceptance:
    least = {"rule": "bucket-open", "resource": "logs", "reason": "r", "owner": "o", "expires": date(2026, 5, 1)}
    return Acceptance.model_validate({**least, **changes})


def _judge(*entries: Acceptance, stack: str = "prod-aws"):
    found = [_finding("bucket-open", "logs"), _finding("bucket-open", "data")]
    return apply_acceptances(found, entries, stack=stack, rules=["bucket-open"], now=lambda: NOW)


def test_an_acceptance_covers_its_resource_until_its_last_day():
    judged = _judge(_entry())
    assert [finding.name for finding in judged.findings] == ["data"]
    assert [(one.finding.name, one.by.owner) for one in judged.accepted] == [("logs", "o")]
    assert not judged.expired
    assert not judged.unused


def test_the_day_after_it_stops_the_gate_and_covers_nothing():
    judged = _judge(_entry(expires=date(2026, 4, 30)))
    assert len(judged.findings) == 2
    assert [entry.resource for entry in judged.expired] == ["logs"]


def test_patterns_of_names_and_stacks():
    assert not _judge(_entry(resource="*")).findings
    assert len(_judge(_entry(resource="*", stack="dev-*")).findings) == 2
    assert not _judge(_entry(resource="*", stack="dev-*"), stack="dev-aws").findings


def test_a_level_counts_instead():
    judged = _judge(_entry(resource="*", level="low"))
    assert {finding.level for finding in judged.findings} == {"low"}
    assert not judged.accepted
    assert not judged.unused


def test_what_no_finding_needs_is_told_but_not_that_of_other_rules_or_stacks():
    judged = _judge(_entry(resource="gone"), _entry(rule="other"), _entry(resource="gone", stack="dev-*"))
    assert [entry.rule for entry in judged.unused] == ["bucket-open"]


WRONG = """\
- rule: Bucket
  resource: "*"
  expires: 2026-06-01
- rule: bucket-open
  resource: x
  reason: hi
  owner: me
  expires: 2027-06-01
- {rule: a-b, resource: x, reason: y, owner: z, expires: soon, level: hihg, until: 1}
- 5
- &one {rule: a-c, resource: x, reason: y, owner: z, expires: 2026-06-01}
- *one
"""


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path):
    file = tmp_path / FILE
    file.write_text(WRONG)
    with pytest.raises(Unacceptable) as raised:
        read_acceptances(file, now=lambda: NOW)
    told = {
        problem.path: (problem.line, problem.got, problem.expected, problem.fix) for problem in raised.value.problems
    }
    assert set(told) == {
        "[0].owner",
        "[0].reason",
        "[0].rule",
        "[1].expires",
        "[2].expires",
        "[2].level",
        "[2].until",
        "[3]",
        "[5]",
    }
    assert told["[1].expires"][:2] == (8, "2027-06-01")
    assert "2027-05-02" in told["[1].expires"][2]
    assert "soon" in told["[2].expires"][1]
    assert "2027-03-31" in told["[2].expires"][3]
    assert "high" in told["[2].level"][3]
    assert "[4]" in told["[5]"][2]
    assert all(problem.file == str(file) and problem.fix for problem in raised.value.problems)


@pytest.mark.parametrize("text", ["rule: x", "- rule: [", "a: !!python/object:os.system x", "\x00"])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(Unacceptable) as raised:
        read_acceptances(tmp_path / FILE)
    assert all(problem.fix for problem in raised.value.problems)


def test_an_empty_file_accepts_nothing(tmp_path: Path):
    (tmp_path / FILE).write_text("# nothing yet\n")
    assert read_acceptances(tmp_path / FILE) == ()


def test_the_file_is_looked_for_up_to_the_project(tmp_path: Path):
    inner = tmp_path / "project" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / FILE).write_text("[]")
    assert find_acceptance_file(inner) == tmp_path / FILE
    (tmp_path / "project" / "Pulumi.yaml").write_text("name: p")
    assert find_acceptance_file(inner) is None
    (tmp_path / "project" / FILE).write_text("[]")
    assert find_acceptance_file(inner) == tmp_path / "project" / FILE


def _judge_change(head: list[Acceptance], base: list[Acceptance]):
    found = [_finding("bucket-open", "logs"), _finding("bucket-open", "data")]
    return apply_acceptances(found, head, stack="prod-aws", rules=["bucket-open"], trusted=base, now=lambda: NOW)


LONGER = date(2026, 6, 1)
CHANGES: dict[str, tuple[list[Acceptance], list[Acceptance], list[str], bool]] = {
    "unchanged": ([_entry()], [_entry()], ["data"], False),
    "added": ([_entry()], [], ["logs", "data"], True),
    "added beside another": ([_entry(), _entry(resource="data")], [_entry()], ["data"], True),
    "another resource": ([_entry(resource="*")], [_entry()], ["data"], True),
    "another rule": ([_entry()], [_entry(rule="bucket-logs")], ["logs", "data"], True),
    "every stack": ([_entry(stack="*")], [_entry(stack="dev-*")], ["logs", "data"], True),
    "for longer": ([_entry(expires=LONGER)], [_entry()], ["data"], True),
    "for longer, after its end": ([_entry(expires=LONGER)], [_entry(expires=date(2026, 4, 1))], ["logs", "data"], True),
    "for shorter": ([_entry()], [_entry(expires=LONGER)], ["data"], False),
    "narrowed": ([_entry()], [_entry(resource="*")], ["data"], True),
    "taken back": ([], [_entry(resource="*")], ["logs", "data"], False),
    "another reason": ([_entry(reason="better")], [_entry()], ["data"], False),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_cannot_accept_its_own_risk(case: str):
    head, base, counted, own = CHANGES[case]
    judged = _judge_change(head, base)
    assert sorted(finding.name for finding in judged.findings) == sorted(counted)
    assert bool(judged.own) == own


def test_a_level_counts_as_far_as_both_sides_allow_it():
    for head, base, level in ((None, "medium", "medium"), ("low", None, "low"), ("low", "medium", "medium")):
        judged = _judge_change([_entry(resource="*", level=head)], [_entry(resource="*", level=base)])
        assert {finding.level for finding in judged.findings} == {level}


def test_an_expired_one_stops_the_gate_until_the_change_renews_it():
    old = _entry(expires=date(2026, 4, 1))
    assert _judge_change([old], [old]).expired == (old,)
    assert not _judge_change([_entry(expires=LONGER)], [old]).expired
