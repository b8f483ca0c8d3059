"""Findings as a report lists them: the same of several resources once, so that a thousand of them can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlplatform.checks.engine import UndecidedCheck
from mlplatform.plan.acceptance import Accepted
from mlplatform.plan.finding import Finding

MAX_NAMES = 8
"""Resources that one line names; the table of resources shows the findings of each."""


def grouped(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings in their order, those that say the same as one."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        found.setdefault((one.level, one.rule, one.reason, one.path), []).append(one)
    return [_group(group) for group in found.values()]


def _group(group: Sequence[Finding]) -> dict[str, object]:
    first = group[0]
    return {
        "level": first.level,
        "rule": first.rule,
        **_names([_name(one) for one in group]),
        "path": first.path,
        "reason": first.reason,
        "fix": first.fix,
        "link": first.link if first.link.startswith("https://") else "",
    }


def answered(findings: Iterable[Accepted]) -> list[dict[str, object]]:
    """Findings that somebody answers for, one by one: each has its own reason."""
    return [
        {
            "level": one.finding.level,
            "rule": one.finding.rule,
            "name": _name(one.finding),
            "owner": one.by.owner,
            "until": one.by.expires.isoformat(),
            "because": one.by.reason,
        }
        for one in findings
    ]


def undecided(unknown: Iterable[UndecidedCheck], titles: dict[str, str]) -> list[dict[str, object]]:
    """What cannot be known before creation, by rule and input."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in unknown:
        found.setdefault((titles.get(one.rule, one.rule), one.path), []).append(one.name)
    return [{"rule": rule, "path": path, **_names(names)} for (rule, path), names in found.items()]


def _names(names: Sequence[str]) -> dict[str, object]:
    return {"names": names[:MAX_NAMES], "more": max(0, len(names) - MAX_NAMES)}


def _name(finding: Finding) -> str:
    # what is about the whole stack carries the stack's own URN
    return "the whole stack" if "pulumi:pulumi:Stack::" in finding.urn else finding.name
