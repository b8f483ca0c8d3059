"""What the checks say, for people and for tools."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from mlplatform.checks.gate import Checked
from mlplatform.plan.finding import LEVELS, Finding
from mlplatform.views.escape import code, escape, sentence
from mlplatform.views.levels import HUES
from mlplatform.views.style import Style

_INDENT = " " * 12


def text(found: Sequence[Checked], style: Style) -> str:
    """One section per cloud: findings, worst first, then what is accepted, expired, unused or not known yet."""
    lines: list[str] = []
    for one in found:
        lines += [*_section(one, style), ""]
    return style.plain("\n".join(lines))


def verdict(one: Checked) -> str:
    """One line: what a gate would say."""
    levels = Counter(finding.level for finding in one.judged.findings)
    bad = ", ".join(f"{levels[level]} {level}" for level in LEVELS if levels[level]) or "no findings"
    return f"{bad}; {len(one.report.compliant)} checks in order"


def _section(one: Checked, style: Style) -> list[str]:
    lines = [style.paint(f"{one.title}, {one.report.plan.stack}: {verdict(one)}", "bold")]
    for finding in one.judged.findings:
        lines += _finding(finding, style)
    for accepted in one.judged.accepted:
        by = accepted.by
        said = f"{accepted.finding.rule} of {accepted.finding.name}: until {by.expires} by {by.owner}: {by.reason}"
        lines += style.wrap(said, "  accepted  ", _INDENT)
    for entry in one.judged.expired:
        said = f"{entry.rule} of {entry.resource}, {entry.owner}: expired on {entry.expires}; renew or remove it"
        lines += [style.paint(line, "red") for line in style.wrap(said, "  expired   ", _INDENT)]
    for entry in one.judged.unused:
        lines += style.wrap(f"{entry.rule} of {entry.resource}: nothing needs it", "  unused    ", _INDENT)
    unknown = _unknown(one)
    if unknown:
        said = ", ".join(f"{rule} ({len(names)})" for rule, names in unknown.items())
        lines += style.wrap(f"cannot be known before creation: {said}", "  unknown   ", _INDENT)
    return lines


def _finding(finding: Finding, style: Style) -> list[str]:
    level = style.paint(f"  {finding.level:<9}", HUES[finding.level])
    path = f" at {finding.path}" if finding.path else ""
    first, *rest = style.wrap(f"{finding.name}{path}: {finding.reason}", _INDENT, _INDENT)
    lines = [f"{level} {first.lstrip()}", *rest, *style.wrap(f"{finding.fix} [{finding.rule}]", _INDENT, _INDENT)]
    return [*lines, style.paint(f"{_INDENT}{finding.link}", "dim")] if finding.link else lines


def _unknown(one: Checked) -> Mapping[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for unknown in one.report.unknown:
        rules.setdefault(unknown.rule, []).append(unknown.name)
    return rules


def document(found: Sequence[Checked]) -> str:
    """Everything as JSON."""
    body = {
        "clouds": [
            {
                "cloud": one.report.plan.cloud,
                "stack": one.report.plan.stack,
                "findings": [asdict(finding) for finding in one.judged.findings],
                "accepted": [
                    {"finding": asdict(accepted.finding), "by": accepted.by.model_dump(mode="json")}
                    for accepted in one.judged.accepted
                ],
                "expired": [entry.model_dump(mode="json") for entry in one.judged.expired],
                "unused": [entry.model_dump(mode="json") for entry in one.judged.unused],
                "unknown": [asdict(unknown) for unknown in one.report.unknown],
                "compliant": [{"rule": rule, "urn": urn} for rule, urn in one.report.compliant],
            }
            for one in found
        ]
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def markdown(found: Sequence[Checked]) -> str:
    """One table per cloud, what is not known yet folded."""
    lines = ["## Checks", ""]
    for one in found:
        lines += [f"### {escape(one.title)}, {escape(one.report.plan.stack)}: {verdict(one)}", ""]
        if one.judged.findings:
            lines += ["| Level | Resource | What | Fix |", "| --- | --- | --- | --- |"]
            lines += [_row(finding) for finding in one.judged.findings]
            lines.append("")
        for entry in one.judged.expired:
            lines += [f"**Expired on {entry.expires}**: {code(entry.rule)} of {code(entry.resource)}", ""]
        if one.judged.accepted:
            lines += [f"{len(one.judged.accepted)} accepted", ""]
        lines += _folded(_unknown(one))
    return "\n".join(lines)


def _row(finding: Finding) -> str:
    where = f"{code(finding.name)}{f' {code(finding.path)}' if finding.path else ''}"
    rule = f"[{finding.rule}]({finding.link})" if finding.link else finding.rule
    return f"| {finding.level} | {where} | {sentence(finding.reason)} {rule} | {escape(finding.fix)} |"


def _folded(unknown: Mapping[str, list[str]]) -> list[str]:
    if not unknown:
        return []
    count = sum(len(names) for names in unknown.values())
    rows = [f"- {rule}: {', '.join(code(name) for name in names)}" for rule, names in unknown.items()]
    return [f"<details><summary>{count} cannot be known before creation</summary>", "", *rows, "", "</details>", ""]
