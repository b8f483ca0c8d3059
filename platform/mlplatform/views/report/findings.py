"""Findings as a report lists them: equal findings of several resources once, to keep a thousand readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlplatform.checks.engine import UndecidedCheck
from mlplatform.plan.acceptance import Accepted
from mlplatform.plan.finding import Finding

MAX_NAMES = 8
"""Resources named per finding; the table of resources shows the findings of each."""


def group_findings(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings in their order, equal ones as one."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.level, finding.rule, finding.reason, finding.path), []).append(finding)
    return [_group(group) for group in groups.values()]


def _group(group: Sequence[Finding]) -> dict[str, object]:
    first = group[0]
    return {
        "level": first.level,
        "rule": first.rule,
        **_names([_name(finding) for finding in group]),
        "path": first.path,
        "reason": first.reason,
        "fix": first.fix,
        "link": first.link if first.link.startswith("https://") else "",
    }


def list_accepted(findings: Iterable[Accepted]) -> list[dict[str, object]]:
    """Accepted findings, one by one: each has its own reason."""
    return [
        {
            "level": accepted.finding.level,
            "rule": accepted.finding.rule,
            "name": _name(accepted.finding),
            "owner": accepted.by.owner,
            "until": accepted.by.expires.isoformat(),
            "reason": accepted.by.reason,
        }
        for accepted in findings
    ]


def list_unknown(unknown: Iterable[UndecidedCheck], titles: dict[str, str]) -> list[dict[str, object]]:
    """Checks whose result is known only after creation, by rule and input."""
    groups: dict[tuple[str, str], list[str]] = {}
    for result in unknown:
        groups.setdefault((titles.get(result.rule, result.rule), result.path), []).append(result.name)
    return [{"rule": rule, "path": path, **_names(names)} for (rule, path), names in groups.items()]


def _names(names: Sequence[str]) -> dict[str, object]:
    return {"names": names[:MAX_NAMES], "more": max(0, len(names) - MAX_NAMES)}


def _name(finding: Finding) -> str:
    # a finding about the whole stack has the stack's own URN
    return "the whole stack" if "pulumi:pulumi:Stack::" in finding.urn else finding.name
