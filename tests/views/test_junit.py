"""JUnit reports: counts, optional parts, and characters that XML forbids."""

from __future__ import annotations

from xml.etree import ElementTree

from mlplatform.views.junit import Case, Failure, Suite, document


def test_counts_and_optional_parts() -> None:
    cases = [
        Case("rule", "a", Failure("bad", "bad at x", "high")),
        Case("rule", "b", skipped="accepted"),
        Case("rule", "c", output="low: fine"),
        Case("rule", "d"),
    ]
    (suite,) = ElementTree.fromstring(document("check", [Suite("prod", cases, can_skip=True)]).encode())
    assert suite.attrib == {"name": "prod", "tests": "4", "failures": "1", "errors": "0", "skipped": "1"}
    assert [[part.tag for part in case] for case in suite] == [["failure"], ["skipped"], ["system-out"], []]
    failure = suite[0][0]
    assert (failure.attrib, failure.text) == ({"type": "high", "message": "bad"}, "bad at x")


def test_times_are_written_where_they_are_measured() -> None:
    text = document("rehearse", [Suite("dev", [Case("rehearse.dev", "up", seconds=1.5)], seconds=2.25)])
    (suite,) = ElementTree.fromstring(text.encode())
    assert suite.attrib == {"name": "dev", "tests": "1", "failures": "0", "time": "2.250"}
    assert suite[0].attrib == {"classname": "rehearse.dev", "name": "up", "time": "1.500"}


def test_forbidden_characters_are_replaced() -> None:
    text = document("check", [Suite("a\x00b", [Case("r", "\x1b[31m", Failure("\ufffe"))])])
    (suite,) = ElementTree.fromstring(text.encode())
    assert (suite.get("name"), suite[0].get("name"), suite[0][0].get("message")) == ("a?b", "?[31m", "?")
