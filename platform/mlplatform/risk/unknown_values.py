"""Unknown is not yes: a known value becomes one that only the cloud knows, and with a bad one a rule would stop this.

No rule needs to think of it: each such value is replaced by bad ones, and the rules are asked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from mlplatform.json_text import parse_document
from mlplatform.plan.change import PropertyChange, PropertyPath, ResourceChange
from mlplatform.plan.documents import is_known
from mlplatform.plan.finding import at_least
from mlplatform.plan.model import UNKNOWN, Step, Value
from mlplatform.plan.unjudged import COULD_NOT_JUDGE
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.judging import judge
from mlplatform.risk.rule import Hit, RiskRule

MAX_VALUES = 40
"""Values that are tried, the first of a change; each takes some milliseconds."""
_REMOVED = object()
_EVERYBODY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
_TEXTS: tuple[Value, ...] = (_REMOVED, "*", "0.0.0.0/0", "Enabled", "Disabled", "TLS1_0")
_NOTHING: list[Value] = []
_FIX = "Read the value in the program; compare the specs instead of a preview, whose values are known."


def unknown_hits(evidence: Evidence, rules: Sequence[RiskRule]) -> Iterator[Hit]:
    """One hit of level `medium` for each value that became unknown and that a rule would stop if it were bad.

    A single value that comes from another resource of the plan counts as set, as everywhere: a key of the plan is a
    key. A document is read as a whole, wherever its parts come from. What a rule says itself is not said again.
    """
    tried = 0
    for change in evidence.of("update", "replace"):
        for item in change.properties:
            bad = _bad_values(change, item)
            if not bad:
                continue
            tried += 1
            if tried > MAX_VALUES:
                continue
            if rule := _rule_that_stops(evidence, rules, change, item, bad):
                yield Hit(
                    "medium",
                    change.step.urn,
                    f"Only the cloud knows the new value; with a bad one, {rule.id} would stop this.",
                    item.text,
                    COULD_NOT_JUDGE,
                    _FIX,
                )
    if tried > MAX_VALUES:
        stack = next((step.urn for step in evidence.diff.after.steps if not step.parent), "")
        reason = f"{tried - MAX_VALUES} more values are known only to the cloud, and were not tried."
        yield Hit("medium", stack, reason, check=COULD_NOT_JUDGE, fix=_FIX)


def _bad_values(change: ResourceChange, item: PropertyChange) -> tuple[Value, ...]:
    if change.before is None or change.after is None or item.is_option:
        return ()
    if item.after != UNKNOWN or item.before is None or not is_known(item.before):
        return ()
    before = item.before
    if isinstance(before, str) and isinstance(parse_document(before), dict):
        return (_EVERYBODY,)
    if change.after.property_dependencies.get(str(item.path[0])):
        return ()
    if isinstance(before, bool):
        return (not before,)
    if isinstance(before, int | float):
        return (0, 1, before * 1000)
    return _TEXTS if isinstance(before, str) else (_NOTHING, _REMOVED)


def _rule_that_stops(
    evidence: Evidence,
    rules: Sequence[RiskRule],
    change: ResourceChange,
    item: PropertyChange,
    bad: Sequence[Value],
) -> RiskRule | None:
    plain = evidence.narrowed([change])
    said = [(rule, hit) for rule in rules for hit in judge(rule, plain)]
    if any(hit.urn == change.step.urn and hit.path == item.text for _, hit in said):
        return None
    known = {(rule.id, hit.reason) for rule, hit in said}
    for value in bad:
        tried = evidence.narrowed([_with(change, item, value)])
        after = tried.diff.changes[0].after
        assert after is not None  # it is an update
        tried.__dict__["after"] = {**evidence.after, after.urn: after}
        for rule in rules:
            for hit in judge(rule, tried):
                if at_least(hit.level, "high") and (rule.id, hit.reason) not in known and not hit.check:
                    return rule
    return None


def _with(change: ResourceChange, item: PropertyChange, value: Value) -> ResourceChange:
    """The change as if one property became this value."""
    gone = value is _REMOVED
    other = replace(item, kind="remove" if gone else "update", after=None if gone else value)
    after = cast("Step", change.after)
    inputs = cast("Mapping[str, Value]", _put(after.inputs, item.path, value))
    return replace(
        change,
        after=replace(after, inputs=inputs),
        properties=tuple(other if each is item else each for each in change.properties),
    )


def _put(container: Value, path: PropertyPath, value: Value) -> Value:
    """A copy of a value with another one inside of it; as it is where it has no such path."""
    head, rest = path[0], path[1:]
    if isinstance(container, Mapping):
        fields = dict(cast("Mapping[str | int, Value]", container))
        if rest:
            fields[head] = _put(fields.get(head), rest, value)
        elif value is _REMOVED:
            fields.pop(head, None)
        else:
            fields[head] = value
        return fields
    if isinstance(container, list) and isinstance(head, int) and head < len(cast("list[Value]", container)):
        items = list(cast("list[Value]", container))
        items[head : head + 1] = [_put(items[head], rest, value)] if rest else [] if value is _REMOVED else [value]
        return items
    return cast("Value", container)
