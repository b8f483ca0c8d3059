"""JUnit reports: counts, optional parts, and characters that XML forbids."""

from __future__ import annotations

from xml.etree import ElementTree

from mlplatform.views.junit import JunitCase, JunitFailure, JunitSuite, document


def test_counts_and_optional_parts() -> None:
    cases = [
        JunitCase("rule", "a", JunitFailure("bad", "bad at x", "high")),
        JunitCase("rule", "b", skipped="accepted"),
        JunitCase("rule", "c", output="low: fine"),
        JunitCase("rule", "d"),
    ]
    (suite,) = ElementTree.fromstring(document("check", [JunitSuite("prod", cases, can_skip=True)]).encode())
    assert suite.attrib == {"name": "prod", "tests": "4", "failures": "1", "errors": "0", "skipped": "1"}
    assert [[part.tag for part in case] for case in suite] == [["failure"], ["skipped"], ["system-out"], []]
    failure = suite[0][0]
    assert (failure.attrib, failure.text) == ({"type": "high", "message": "bad"}, "bad at x")


def test_times_are_written_where_they_are_measured() -> None:
    text = document("rehearse", [JunitSuite("dev", [JunitCase("rehearse.dev", "up", seconds=1.5)], seconds=2.25)])
    (suite,) = ElementTree.fromstring(text.encode())
    assert suite.attrib == {"name": "dev", "tests": "1", "failures": "0", "time": "2.250"}
    assert suite[0].attrib == {"classname": "rehearse.dev", "name": "up", "time": "1.500"}


def test_forbidden_characters_are_replaced() -> None:
    text = document("check", [JunitSuite("a\x00b", [JunitCase("r", "\x1b[31m", JunitFailure("\ufffe"))])])
    (suite,) = ElementTree.fromstring(text.encode())
    assert (suite.get("name"), suite[0].get("name"), suite[0][0].get("message")) == ("a?b", "?[31m", "?")
