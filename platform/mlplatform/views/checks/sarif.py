"""Checks as SARIF 2.1.0, which code scanning shows: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from mlplatform.checks.engine import UndecidedCheck
from mlplatform.checks.gate import Checked
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.finding import Finding, Level

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Level, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
_SEVERITY: Mapping[Level, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
"""What code scanning sorts by: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""


def document(found: Sequence[Checked]) -> str:
    """One run over all clouds; what is accepted is suppressed, what is not known yet is open."""
    rules = sorted({rule.id: rule for one in found for rule in one.report.rules}.values(), key=lambda rule: rule.id)
    places = {rule.id: number for number, rule in enumerate(rules)}
    driver = {
        "name": "mlplatform",
        "semanticVersion": version("mlplatform"),
        "rules": [_rule(rule) for rule in rules],
    }
    results = [result for one in found for result in _results(one, places)]
    run: dict[str, object] = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: CheckRule) -> dict[str, object]:
    link = next((entry.link for entry in rule.entries if entry.link), "")
    refs = sorted({ref for entry in rule.entries for ref in entry.refs})
    body: dict[str, object] = {
        "id": rule.id,
        "name": "".join(part.title() for part in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {"tags": ["security", rule.topic, *refs], "security-severity": _SEVERITY[rule.level]},
    }
    return {**body, "helpUri": link} if link else body


def _results(one: Checked, places: Mapping[str, int]) -> list[dict[str, object]]:
    results = [_failed(finding, one, places) for finding in one.judged.findings]
    for accepted in one.judged.accepted:
        by = accepted.by
        why = f"{by.reason} ({by.owner}, until {by.expires})"
        suppression = {"kind": "external", "status": "accepted", "justification": why}
        results.append({**_failed(accepted.finding, one, places), "suppressions": [suppression]})
    return [*results, *(_open(unknown, one, places) for unknown in one.report.unknown)]


def _failed(finding: Finding, one: Checked, places: Mapping[str, int]) -> dict[str, object]:
    path = f" at {finding.path}" if finding.path else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.name}{path}: {finding.reason} {finding.fix}".strip()},
        **_where(finding.rule, finding.urn, finding.path, one),
    }


def _open(unknown: UndecidedCheck, one: Checked, places: Mapping[str, int]) -> dict[str, object]:
    return {
        "ruleId": unknown.rule,
        "ruleIndex": places[unknown.rule],
        "kind": "open",
        "level": "none",
        "message": {"text": f"{unknown.name}: {unknown.path or 'it'} cannot be known before creation."},
        **_where(unknown.rule, unknown.urn, unknown.path, one),
    }


def _where(rule: str, urn: str, path: str, one: Checked) -> dict[str, object]:
    logical = {"name": urn.rpartition("::")[2], "fullyQualifiedName": urn, "kind": "resource"}
    location: dict[str, object] = {"logicalLocations": [logical]}
    if one.place:
        location["physicalLocation"] = {"artifactLocation": {"uri": one.place}, "region": {"startLine": 1}}
    print_ = hashlib.sha256(f"{rule}\0{urn}\0{path}".encode()).hexdigest()[:32]
    return {"locations": [location], "partialFingerprints": {"mlplatformFinding/v1": print_}}
