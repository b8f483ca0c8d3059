"""What an edit does on one cloud, as a reviewer is told: the operations, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tests.review.edits.table import Edit, base, sides

from mlplatform import discovery
from mlplatform.plan.change import Diff
from mlplatform.plan.diff import diff
from mlplatform.plan.finding import LEVELS, Finding
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.plan.spec_diff import compare_specs
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.platform import PlatformSpec

KINDS = {"delete": "deleted", "replace": "replaced", "update": "updated", "create": "created", "move": "renamed"}
MOST = 12
"""Names that are listed; a longer list is counted by component."""

SENTENCES = 4
"""Sentences of one rule that are shown; a change of everything has hundreds."""


def edit_diff(edit: Edit, cloud: str) -> Diff:
    """The difference of the two plans of an edit."""
    before, after = sides(edit, cloud)
    for spec in (before, after):
        assert not list(discovery.backend(cloud).problems(spec.on(cloud))), edit.name
    return diff(_plan(before, cloud), _plan(after, cloud))


@cache
def _base_plan(cloud: str) -> Plan:
    return record(base(cloud), cloud, resolve=True, layer="cloud")


def _plan(spec: PlatformSpec, cloud: str) -> Plan:
    plain = base(cloud)
    same = spec == plain and spec.record == plain.record
    return _base_plan(cloud) if same else record(spec, cloud, resolve=True, layer="cloud")


def outcome_text(edit: Edit, cloud: str) -> str:
    """The section of a golden."""
    change = edit_diff(edit, cloud)
    fields = [
        field.change for field in compare_specs(*sides(edit, cloud)) if not field.change.path.startswith("record")
    ]
    lines = [f"{field.path}: {_value(field.before)} -> {_value(field.after)}" for field in fields]
    lines += ["", *_operations(change), ""]
    findings = assess(Evidence(change)).findings
    lines += _findings(findings) if findings else ["no risks found"]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "given"
    return "none" if value is None else str(value)


def _operations(change: Diff) -> Iterable[str]:
    platform = change.before.stack and _prefix(change)
    for kind, word in KINDS.items():
        changes = [one for one in change.changes if one.kind == kind]
        if not changes:
            continue
        names = sorted(one.step.name.removeprefix(platform) for one in changes)
        if len(names) > MOST:
            names = _counted([one.component.removeprefix(platform) or "others" for one in changes])
        yield f"{len(changes)} {word}: {', '.join(names)}"
    yield f"{change.unchanged} stay the same"


def _counted(names: list[str]) -> list[str]:
    return [f"{names.count(name)} of {name}" for name in sorted(set(names))]


def _prefix(change: Diff) -> str:
    """The platform's name, with which all logical names begin."""
    step = next(step for step in change.before.steps if step.type == "mlplatform:index:Platform")
    return f"{step.name}-"


def _findings(findings: Iterable[Finding]) -> Iterable[str]:
    """Each sentence once, with the resources that it is about; of many sentences of a rule, the first ones."""
    said: dict[tuple[int, str], dict[str, list[str]]] = {}
    for finding in findings:
        of_rule = said.setdefault((LEVELS.index(finding.level), finding.rule), {})
        of_rule.setdefault(finding.reason, []).append(finding.name)
    for (level, rule), reasons in sorted(said.items()):
        for reason, names in sorted(reasons.items())[:SENTENCES]:
            short = [name.removeprefix("acme-ml-") for name in names]
            some = ", ".join(short[:3]) + (f" and {len(short) - 3} more" if len(short) > 3 else "")
            yield f"{LEVELS[level]} {rule}: {some}"
            yield f"    {reason}"
        if len(reasons) > SENTENCES:
            yield f"{LEVELS[level]} {rule}: {len(reasons) - SENTENCES} more sentences of this kind"
