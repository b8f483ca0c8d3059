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
from mlplatform.plan.unjudged import COULD_NOT_JUDGE

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Level, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
_SEVERITY: Mapping[Level, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
"""The number that code scanning sorts by: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
_FAILED_RULE: dict[str, object] = {
    "id": COULD_NOT_JUDGE,
    "name": "CouldNotJudge",
    "shortDescription": {"text": "Every rule can judge every resource"},
    "fullDescription": {"text": "Nobody knows whether a resource is safe that a rule failed on."},
    "help": {"text": "Judge it yourself, and tell the maintainers of the rule."},
    "defaultConfiguration": {"level": _LEVELS["high"]},
    "properties": {"tags": ["security"], "security-severity": _SEVERITY["high"]},
}


def document(results: Sequence[Checked]) -> str:
    """One run over all clouds; accepted findings are suppressed, unknown results are open."""
    rules = sorted(
        {rule.id: rule for checked in results for rule in checked.report.rules}.values(), key=lambda rule: rule.id
    )
    indexes = {rule.id: number for number, rule in enumerate(rules)}
    described = [_rule(rule) for rule in rules]
    if any(finding.rule == COULD_NOT_JUDGE for checked in results for finding in checked.report.findings):
        indexes[COULD_NOT_JUDGE] = len(described)
        described.append(_FAILED_RULE)
    driver = {"name": "mlplatform", "semanticVersion": version("mlplatform"), "rules": described}
    entries = [entry for checked in results for entry in _results(checked, indexes)]
    run: dict[str, object] = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": entries}
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: CheckRule) -> dict[str, object]:
    # the place of one page: pages of one cloud each would lead most readers to a cloud that is not theirs
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


def _results(checked: Checked, indexes: Mapping[str, int]) -> list[dict[str, object]]:
    results = [_failed(finding, checked, indexes) for finding in checked.judged.findings]
    for accepted in checked.judged.accepted:
        by = accepted.by
        reason = f"{by.reason} ({by.owner}, until {by.expires})"
        suppression = {"kind": "external", "status": "accepted", "justification": reason}
        results.append({**_failed(accepted.finding, checked, indexes), "suppressions": [suppression]})
    return [*results, *(_open(unknown, checked, indexes) for unknown in checked.report.unknown)]


def _failed(finding: Finding, checked: Checked, indexes: Mapping[str, int]) -> dict[str, object]:
    path = f" at {finding.path}" if finding.path else ""
    # several rules can fail on one resource
    own = f"{finding.rule} {finding.reason}" if finding.rule == COULD_NOT_JUDGE else finding.rule
    return {
        "ruleId": finding.rule,
        "ruleIndex": indexes[finding.rule],
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.name}{path}: {finding.reason} {finding.fix}".strip()},
        **_locations(own, finding.urn, finding.path, checked),
    }


def _open(unknown: UndecidedCheck, checked: Checked, indexes: Mapping[str, int]) -> dict[str, object]:
    return {
        "ruleId": unknown.rule,
        "ruleIndex": indexes[unknown.rule],
        "kind": "open",
        "level": "none",
        "message": {"text": f"{unknown.name}: {unknown.path or 'it'} cannot be known before creation."},
        **_locations(unknown.rule, unknown.urn, unknown.path, checked),
    }


def _locations(rule: str, urn: str, path: str, checked: Checked) -> dict[str, object]:
    logical = {"name": urn.rpartition("::")[2], "fullyQualifiedName": urn, "kind": "resource"}
    location: dict[str, object] = {"logicalLocations": [logical]}
    if checked.place:
        location["physicalLocation"] = {"artifactLocation": {"uri": checked.place}, "region": {"startLine": 1}}
    fingerprint = hashlib.sha256(f"{rule}\0{urn}\0{path}".encode()).hexdigest()[:32]
    return {"locations": [location], "partialFingerprints": {"mlplatformFinding/v1": fingerprint}}
