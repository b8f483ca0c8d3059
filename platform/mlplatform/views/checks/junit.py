"""Checks as a JUnit report: one suite per stack, one test per rule and resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mlplatform.checks.gate import Checked
from mlplatform.plan.finding import Finding, Level, at_least
from mlplatform.views import junit
from mlplatform.views.junit import JunitCase, JunitFailure, JunitSuite


def document(results: Sequence[Checked], threshold: Level) -> str:
    """The report; findings below the threshold are the output of tests that pass.

    Args:
        results: one per cloud.
        threshold: the lowest level that fails.
    """
    suites = [
        JunitSuite(checked.report.plan.stack or checked.title, list(_cases(checked, threshold)), can_skip=True)
        for checked in results
    ]
    return junit.document("mlplatform check", suites)


def _cases(checked: Checked, threshold: Level) -> Iterator[JunitCase]:
    by_case: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in checked.judged.findings:
        by_case[finding.rule, finding.urn].append(finding)
    for (rule, urn), findings in by_case.items():
        failing = [finding for finding in findings if at_least(finding.level, threshold)]
        if failing:
            failure = JunitFailure(failing[0].reason, _describe(failing), failing[0].level)
            yield JunitCase(rule, _name(urn), failure)
        else:
            yield JunitCase(rule, _name(urn), output=_describe(findings))
    for entry in checked.judged.expired:
        message = f"the acceptance of {entry.owner} expired on {entry.expires}; renew or remove it"
        yield JunitCase(entry.rule, entry.resource, JunitFailure(message, type="expired"))
    skipped = {
        (accepted.finding.rule, accepted.finding.urn): f"accepted by {accepted.by.owner}: {accepted.by.reason}"
        for accepted in checked.judged.accepted
    }
    skipped |= {(u.rule, u.urn): f"{u.path} cannot be known before creation" for u in checked.report.unknown}
    for (rule, urn), reason in skipped.items():
        if (rule, urn) not in by_case:
            yield JunitCase(rule, _name(urn), skipped=reason)
    for rule, urn in checked.report.compliant:
        yield JunitCase(rule, _name(urn))


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _describe(findings: Iterable[Finding]) -> str:
    return "\n".join(map(_line, findings))


def _line(finding: Finding) -> str:
    path = f" ({finding.path})" if finding.path else ""
    return f"{finding.level}: {finding.reason}{path} {finding.fix} {finding.link}".strip()
