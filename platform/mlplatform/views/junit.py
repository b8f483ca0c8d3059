"""JUnit reports, which CI systems show as tests: https://github.com/testmoapp/junitxml"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 allows in no form."""


@dataclass(frozen=True, slots=True)
class JunitFailure:
    """The failure of a test."""

    message: str
    """One line."""

    text: str = ""
    """All of it."""

    type: str = ""
    """Its kind; empty where there is only one."""


@dataclass(frozen=True, slots=True)
class JunitCase:
    """One test."""

    classname: str
    """The group it belongs to."""

    name: str
    """Name within the group."""

    failure: JunitFailure | None = None
    """None where it passed or was skipped."""

    skipped: str = ""
    """Reason why it was skipped; empty where it was not."""

    output: str = ""
    """Text beside a test that passed."""

    seconds: float | None = None
    """Duration; None where it is not measured."""


@dataclass(frozen=True, slots=True)
class JunitSuite:
    """Tests that belong together."""

    name: str
    """For people."""

    cases: Sequence[JunitCase]
    """Its tests."""

    seconds: float | None = None
    """Duration; None where it is not measured."""

    can_skip: bool = False
    """Whether its tests can be skipped; if so their number is written too."""


def document(name: str, suites: Sequence[JunitSuite]) -> str:
    """The report as XML, with a newline at its end."""
    root = Element("testsuites", {"name": _safe(name)})
    for suite in suites:
        attributes = {
            "name": _safe(suite.name),
            "tests": str(len(suite.cases)),
            "failures": str(sum(case.failure is not None for case in suite.cases)),
        }
        if suite.can_skip:
            attributes |= {"errors": "0", "skipped": str(sum(bool(case.skipped) for case in suite.cases))}
        element = SubElement(root, "testsuite", {**attributes, **_time(suite.seconds)})
        for case in suite.cases:
            _add(element, case)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add(suite: Element, case: JunitCase) -> None:
    names = {"classname": _safe(case.classname), "name": _safe(case.name)}
    element = SubElement(suite, "testcase", {**names, **_time(case.seconds)})
    if case.failure:
        kind = {"type": _safe(case.failure.type)} if case.failure.type else {}
        failure = SubElement(element, "failure", {**kind, "message": _safe(case.failure.message)})
        failure.text = _safe(case.failure.text) or None
    elif case.skipped:
        SubElement(element, "skipped", {"message": _safe(case.skipped)})
    elif case.output:
        SubElement(element, "system-out").text = _safe(case.output)


def _time(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"time": f"{seconds:.3f}"}


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
