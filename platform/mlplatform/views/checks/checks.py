"""Results of the checks, for people, for tools and for a pull request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from mlplatform.checks.gate import Checked
from mlplatform.plan.finding import Finding
from mlplatform.views.escape import code, escape, sentence
from mlplatform.views.judged import INDENT, count_levels, judged_lines
from mlplatform.views.style import Style


def text(results: Sequence[Checked], style: Style) -> str:
    """One section per cloud: findings, worst first, then acceptances, then checks whose result is unknown."""
    lines: list[str] = []
    for checked in results:
        lines += [*_section(checked, style), ""]
    return style.plain("\n".join(lines))


def verdict(checked: Checked) -> str:
    """One line: the counts of findings and of passed checks."""
    return f"{count_levels(checked.judged) or 'no findings'}; {len(checked.report.compliant)} checks passed"


def _section(checked: Checked, style: Style) -> list[str]:
    lines = [style.paint(f"{checked.title}, {checked.report.plan.stack}: {verdict(checked)}", "bold")]
    lines += judged_lines(checked.judged, style, links=True)
    unknown = _unknown(checked)
    if unknown:
        rules = ", ".join(f"{rule} ({len(names)})" for rule, names in unknown.items())
        lines += style.wrap(f"cannot be known before creation: {rules}", "  unknown   ", INDENT)
    return lines


def _unknown(checked: Checked) -> Mapping[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for unknown in checked.report.unknown:
        rules.setdefault(unknown.rule, []).append(unknown.name)
    return rules


def document(results: Sequence[Checked]) -> str:
    """Everything as JSON."""
    body = {
        "clouds": [
            {
                "cloud": checked.report.plan.cloud,
                "target": checked.report.plan.target,
                "stack": checked.report.plan.stack,
                "findings": [asdict(finding) for finding in checked.judged.findings],
                "accepted": [
                    {"finding": asdict(accepted.finding), "by": accepted.by.model_dump(mode="json")}
                    for accepted in checked.judged.accepted
                ],
                "expired": [entry.model_dump(mode="json") for entry in checked.judged.expired],
                "unused": [entry.model_dump(mode="json") for entry in checked.judged.unused],
                "unknown": [asdict(unknown) for unknown in checked.report.unknown],
                "compliant": [{"rule": rule, "urn": urn} for rule, urn in checked.report.compliant],
            }
            for checked in results
        ]
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def markdown(results: Sequence[Checked]) -> str:
    """One table per cloud, with unknown results folded."""
    lines = ["## Checks", ""]
    for checked in results:
        lines += [f"### {escape(checked.title)}, {escape(checked.report.plan.stack)}: {verdict(checked)}", ""]
        if checked.judged.findings:
            lines += ["| Level | Resource | Finding | Fix |", "| --- | --- | --- | --- |"]
            lines += [_row(finding) for finding in checked.judged.findings]
            lines.append("")
        for entry in checked.judged.expired:
            lines += [f"**Expired on {entry.expires}**: {code(entry.rule)} of {code(entry.resource)}", ""]
        if checked.judged.accepted:
            lines += [f"{len(checked.judged.accepted)} accepted", ""]
        lines += _folded(_unknown(checked))
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
