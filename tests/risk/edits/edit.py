"""Hand-made edits of a preview: what no spec produces, but a program, a console or an attacker does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal, cast

from mlplatform.checks.catalogue import all_rules
from mlplatform.checks.resource import plain_type
from mlplatform.plan.diff import diff
from mlplatform.plan.diff.verdict import parse_path
from mlplatform.plan.finding import Level
from mlplatform.plan.model import UNKNOWN, Plan, Step
from mlplatform.plan.sources.preview import read_preview
from mlplatform.plan.sources.step import StepReader
from mlplatform.risk.engine import RiskReport, assess
from mlplatform.risk.evidence import Evidence

Cloud = Literal["aws", "gcp", "azure"]


@dataclass(frozen=True, slots=True)
class Removed:
    """The value of an edit that takes something away."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The value of an edit that depends on the former one, for example a list with one more item."""

    of: Callable[[object], object]
    """Makes the new value of a copy of the former one, which is None where nothing is there."""


REMOVED = Removed()
_CHECKS = all_rules()
"""Read once: entry points of installed packages are looked up on disk."""


def more(*items: object) -> Changed:
    """A list with these items added, or a list of them."""
    return Changed(lambda former: [*_as_list(former), *items])


def without(part: str) -> Changed:
    """A list without the items that contain a text, or an object without the keys that do."""

    def left(former: object) -> object:
        if isinstance(former, dict):
            return {key: item for key, item in cast("dict[str, object]", former).items() if part not in key}
        return [item for item in _as_list(former) if part not in json.dumps(item)]

    return Changed(left)


def swapped(old: str, new: str) -> Changed:
    """The text, or every text inside, with one part replaced by another."""

    def changed(former: object) -> object:
        assert old in json.dumps(former), f"nothing has {old!r}: {former!r}"
        return json.loads(json.dumps(former).replace(old, new))

    return Changed(changed)


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed resource of production, and what a good reviewer expects to read about it."""

    name: str
    """What the edit does, in words; unique with the cloud and the kind of resource."""

    cloud: Cloud
    """Whose plan of production is edited."""

    resource: str
    """Type, or its end (`iam/role:Role`, `Vault`), then optionally a blank and a pattern of logical names. The first
    resource that fits is edited; with `inputs`, it may be one that production does not have."""

    path: str | tuple[str | int, ...]
    """Place of the input, as Pulumi writes it (`a.b[0]["c.d"]`) or as parts; it goes on inside documents in texts.
    `opts.protect` and its like are options. Empty: the whole resource, which is then deleted or created."""

    value: object
    """The new value, `REMOVED`, or `Changed`."""

    level: Level | None
    """The least level of a finding; None for a harmless edit, about which nothing above `low` is said."""

    rule: str = ""
    """The rule that has to say it. Omitted: any."""

    inputs: Mapping[str, object] | None = None
    """Inputs of a resource that production does not have, before the edit. Omitted: production has it."""

    @property
    def id(self) -> str:
        """The name of its test."""
        return f"{self.cloud}: {self.resource.partition(' ')[0].rpartition(':')[2]}: {self.name}"


def preview_of(edit: Edit, plan: Plan) -> dict[str, object]:
    """The edit as `pulumi preview --json` shows it: the changed resource alone, without those that stay."""
    step = _subject(edit, plan)
    if edit.path == "":
        # deleted, or created with the inputs of the edit
        op = "delete" if edit.value is REMOVED else "create"
        inputs = step.inputs if op == "delete" else cast("Mapping[str, object]", edit.value)
        state = {"oldState" if op == "delete" else "newState": _state(replace(step, inputs=inputs))}
        return _document([{"op": op, "urn": step.urn, **state}])
    path = parse_path(edit.path) if isinstance(edit.path, str) else edit.path
    state = cast("dict[str, object]", json.loads(json.dumps(_state(step))))
    changed = _state_changed(state, path, edit.value)
    assert changed != state, f"{edit.id}: nothing changes"
    return _document([{"op": "update", "urn": step.urn, "oldState": state, "newState": changed}])


def judged(edit: Edit, plan: Plan) -> RiskReport:
    """What all rules say about an edit of a plan."""
    source = read_preview(preview_of(edit, plan), StepReader())
    assert source.before is not None
    # no verdict of the engine: the table of inputs that cannot be changed decides
    return assess(Evidence(diff(source.before, source.plan), checks=_CHECKS))


def _document(steps: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"config": {}, "steps": list(steps), "changeSummary": {}}


def _state(step: Step) -> dict[str, object]:
    state = cast("dict[str, object]", step.document()["newState"])
    return {**state, "outputs": dict(step.outputs)}


def _subject(edit: Edit, plan: Plan) -> Step:
    kind, _, name = edit.resource.partition(" ")
    found = [step for step in plan.steps if _is_of(step, kind) and fnmatchcase(step.name, name or "*")]
    if edit.inputs is None:
        assert found, f"{edit.id}: production has no such resource"
        return found[0]
    assert kind.count(":") >= 2, f"{edit.id}: a resource that production does not have needs its whole type"
    stack = plan.steps[0]
    urn = f"{stack.urn.rsplit('::', 2)[0]}::{kind}::{name or 'made'}"
    return Step("create", urn, kind, name or "made", True, dict(edit.inputs), parent=stack.urn)


def _is_of(step: Step, kind: str) -> bool:
    token = plain_type(step.type)
    return token == kind or token.endswith((f":{kind}", f"/{kind}"))


def _state_changed(state: dict[str, object], path: tuple[str | int, ...], value: object) -> dict[str, object]:
    if path[0] == "opts":
        return cast("dict[str, object]", _put(state, path[1:], value))
    return {**state, "inputs": _put(state.get("inputs", {}), path, value)}


def _put(node: object, path: tuple[str | int, ...], value: object) -> object:
    """A copy with one value changed; texts with a document inside are opened and written again."""
    if not path:
        return value.of(node) if isinstance(value, Changed) else value
    if isinstance(node, str):
        assert node != UNKNOWN, f"the value above {path} is unknown"
        return json.dumps(_put(json.loads(node), path, value))
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        items = _as_list(node)
        if not rest and value is REMOVED:
            return [*items[:part], *items[part + 1 :]]
        inside = _put(items[part] if part < len(items) else None, rest, value)
        return [*items[:part], inside, *items[part + 1 :]]
    entries = dict(cast("Mapping[str, object]", node)) if isinstance(node, Mapping) else {}
    if not rest and value is REMOVED:
        assert part in entries, f"nothing at {path}: {sorted(entries)}"
        del entries[part]
    else:
        entries[part] = _put(entries.get(part), rest, value)
    return entries


def _as_list(value: object) -> list[object]:
    return list(cast("list[object]", value)) if isinstance(value, list) else [] if value is None else [value]
