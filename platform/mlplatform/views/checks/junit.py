"""Checks as a JUnit report, which CI systems show as tests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mlplatform.checks.gate import Checked
from mlplatform.plan.finding import Finding, Level, at_least

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no form."""


def document(found: Sequence[Checked], threshold: Level) -> str:
    """One suite per stack, one test per rule and resource; what is below the threshold passes and is told.

    Args:
        found: one per cloud.
        threshold: what fails.
    """
    root = Element("testsuites", {"name": "mlplatform check"})
    for one in found:
        _suite(root, one, threshold)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, one: Checked, threshold: Level) -> None:
    suite = SubElement(root, "testsuite", {"name": _safe(one.report.plan.stack or one.title)})
    by_case: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in one.judged.findings:
        by_case[finding.rule, finding.urn].append(finding)
    for (rule, urn), findings in by_case.items():
        case = _case(suite, rule, urn)
        failing = [finding for finding in findings if at_least(finding.level, threshold)]
        if failing:
            worst = failing[0]
            failure = SubElement(case, "failure", {"type": worst.level, "message": _safe(worst.reason)})
            failure.text = _told(failing)
        else:
            SubElement(case, "system-out").text = _told(findings)
    for entry in one.judged.expired:
        case = SubElement(suite, "testcase", {"classname": _safe(entry.rule), "name": _safe(entry.resource)})
        message = _safe(f"the acceptance of {entry.owner} expired on {entry.expires}; renew or remove it")
        SubElement(case, "failure", {"type": "expired", "message": message})
    skipped = {(a.finding.rule, a.finding.urn): f"accepted by {a.by.owner}: {a.by.reason}" for a in one.judged.accepted}
    skipped |= {(u.rule, u.urn): f"{u.path} cannot be known before creation" for u in one.report.unknown}
    for (rule, urn), why in skipped.items():
        if (rule, urn) not in by_case:
            SubElement(_case(suite, rule, urn), "skipped", {"message": _safe(why)})
    for rule, urn in one.report.compliant:
        _case(suite, rule, urn)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))


def _case(suite: Element, rule: str, urn: str) -> Element:
    return SubElement(suite, "testcase", {"classname": _safe(rule), "name": _safe(urn.rpartition("::")[2])})


def _told(findings: Iterable[Finding]) -> str:
    lines = (
        f"{one.level}: {one.reason}{f' ({one.path})' if one.path else ''} {one.fix} {one.link}".strip()
        for one in findings
    )
    return _safe("\n".join(lines))


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
