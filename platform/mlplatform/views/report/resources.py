"""A stack's resources as data inside a page, for the script that searches, filters and unfolds them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from mlplatform.plan.capability import capability_of, component_of
from mlplatform.plan.finding import LEVELS, Finding
from mlplatform.plan.model import STACK_TYPE, UNKNOWN, Step, Value, document_value
from mlplatform.plan.stateful import holds_data
from mlplatform.secret_text import hide_secret_forms
from mlplatform.views.cost.amounts import ESTIMATE, OLD
from mlplatform.views.diff.common import short_type
from mlplatform.views.values import LATER

if TYPE_CHECKING:
    from mlplatform.views.report.stack import ReportStack

MAX_TEXT = 4_000
"""Characters shown of one text in an input; the rest is cut with a note."""


def resources_json(stack: ReportStack) -> str:
    """JSON that cannot become HTML: `<`, `>` and `&` are written as escapes."""
    rows = [row for _, row in sorted(_rows(stack), key=lambda pair: pair[0])]
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _rows(stack: ReportStack) -> list[tuple[tuple[str, str, str], dict[str, object]]]:
    plan = stack.plan
    steps = {step.urn: step for step in plan.steps}
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in (*(stack.review.judged.findings if stack.review else ()), *stack.checked.judged.findings):
        if all((finding.rule, finding.path) != (known.rule, known.path) for known in findings[finding.urn]):
            findings[finding.urn].append(finding)
    cost = {priced.urn: priced.monthly for priced in stack.estimate.resources}
    marks = {priced.urn: priced.marks for priced in stack.estimate.resources}
    changed = {change.step.urn: change.kind for change in stack.review.diff.changes} if stack.review else {}
    root = next((step.name for step in plan.steps if step.type == "mlplatform:index:Platform"), "")
    rows: list[tuple[tuple[str, str, str], dict[str, object]]] = []
    for step in plan.resources():
        component = component_of(step, steps)
        capability = capability_of(component.type) if component else "Platform"
        worst = sorted(findings.get(step.urn, ()), key=lambda finding: finding.order)
        row: dict[str, object] = {
            "name": step.name,
            "type": short_type(step.type),
            "token": step.type,
            "urn": step.urn,
            "capability": capability,
            "component": component.name.removeprefix(f"{root}-") if component else "",
            "data": holds_data(step),
            "options": _options(step),
            "findings": [[finding.level, finding.rule, finding.reason, finding.fix, finding.path] for finding in worst],
            "rank": LEVELS.index(worst[0].level) if worst else len(LEVELS),
            "cost": [round(n, 2) for n in (c.low, c.expected, c.high)] if (c := cost.get(step.urn)) else None,
            # what stands before and after each amount
            "marks": [ESTIMATE if "estimate" in m else "", OLD if "old" in m else ""]
            if (m := marks.get(step.urn))
            else "",
            "change": changed.get(step.urn, ""),
            "inputs": {key: _safe(value) for key, value in sorted(step.inputs.items())},
            "from": _sources(step, steps),
            "needs": sorted({steps[urn].name for urn in step.dependencies if urn in steps and steps[urn].custom}),
        }
        rows.append(((capability, step.name, step.urn), row))
    return rows


def _sources(step: Step, steps: Mapping[str, Step]) -> dict[str, list[str]]:
    """Logical names of the resources that each input comes from."""
    return {
        key: names
        for key, urns in sorted(step.property_dependencies.items())
        if (names := sorted({steps[urn].name for urn in urns if urn in steps and steps[urn].type != STACK_TYPE}))
    }


def _options(step: Step) -> list[str]:
    options = {
        "protected": step.protect,
        "kept when deleted": step.retain_on_delete,
        "deleted before it is replaced": step.delete_before_replace,
        "read, not created": step.op == "read",
    }
    ignored = [f"changes of {', '.join(step.ignore_changes)} are ignored"] if step.ignore_changes else []
    return [text for text, holds in options.items() if holds] + ignored


def _safe(value: Value) -> object:
    """A value without secrets: neither marked ones nor text that looks like one."""
    return _hidden(document_value(value))


def _hidden(value: object) -> object:
    if isinstance(value, dict):
        return {hide_secret_forms(key): _hidden(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_hidden(item) for item in cast("list[object]", value)]
    if isinstance(value, str):
        # text with line breaks that are not shown as such, as policies have, is JSON more often than not
        text = hide_secret_forms(value).replace(UNKNOWN, LATER)
        return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text) - MAX_TEXT} characters more)"
    if value is None or isinstance(value, int | float):
        return value
    return str(value)
