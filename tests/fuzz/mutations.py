"""Documents in which values are replaced by what a real cloud, another tool or an attacker may put there."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, STACK_TYPE, UNKNOWN, Plan, document_value

VALUES: tuple[object, ...] = (
    UNKNOWN, None, "[secret]", {SIGNATURE: SECRET_SIGNATURE}, "", "text", " ", "*", "::", "a/b", "0", "-1", "1e999",
    "nan", "{", '{"a": NaN}', '{"Statement": 3}', "[1, 2]", "2026-13-45", "\N{GRINNING FACE}\x00\x1b", "9" * 5000,
    0, -1, 1.5, 10**30, 1e300, True, False,
    [], {}, [None], [[]], [{}], {"a": UNKNOWN}, [UNKNOWN], ["text", 1], {"": None}, {"resources": {"a": 1}},
)  # fmt: skip
"""What a value may become: unknown, secret, null, another type, empty, or text of another meaning."""

Path = tuple[str | int, ...]
Json = Any
"""A value of a document, of any type: that is what this is about."""


def preview_of(plan: Plan) -> dict[str, Any]:
    """A preview as Pulumi's engine writes it: one resource of each type, updated, created, deleted or replaced."""
    by_urn = {step.urn: step for step in plan.steps}
    kept: dict[str, None] = {}
    for step in {step.type: step for step in reversed(plan.steps)}.values():
        urn = step.urn
        while urn in by_urn and urn not in kept:
            kept[urn] = None
            urn = by_urn[urn].parent
    steps: list[dict[str, Any]] = []
    for position, step in enumerate(step for step in plan.steps if step.urn in kept):
        state = {**step.document()["newState"], "outputs": document_value(step.outputs)}  # type: ignore[dict-item]
        if step.type == STACK_TYPE or not step.custom:
            steps.append({"op": "same", "urn": step.urn, "oldState": state, "newState": copy.deepcopy(state)})
            continue
        op = {3: "delete", 5: "create", 6: "replace"}.get(position % 8, "update")
        made: dict[str, Any] = {"op": op, "urn": step.urn}
        if op != "create":
            made["oldState"] = state
        if op != "delete":
            made["newState"] = copy.deepcopy(state)
        if op == "replace" and step.inputs:
            first = sorted(step.inputs)[0]
            made["replaceReasons"] = [first]
            made["detailedDiff"] = {first: {"kind": "update-replace", "inputDiff": True}}
        steps.append(made)
    return {"config": {}, "steps": steps, "changeSummary": {"update": len(steps)}}


def mutated(document: Json, rng: random.Random, count: int, *, inside: str = "") -> tuple[Json, list[str]]:
    """A copy with some values replaced, and where: `path = value`.

    Args:
        document: lists, objects and single values.
        rng: the source of chance.
        count: how many values.
        inside: only what is in values of this key. Omitted: everything.
    """
    copied = copy.deepcopy(document)
    told: list[str] = []
    paths = [path for path in _paths(copied, ()) if not inside or inside in path[:-1]]
    for path in rng.sample(paths, min(count, len(paths))):
        value = copy.deepcopy(rng.choice(VALUES))
        if _put(copied, path, value, rng):
            told.append(f"{'.'.join(map(str, path))} = {json.dumps(value)[:60]}")
    return copied, told


def _paths(value: Json, at: Path) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*at, key)
        yield from _paths(item, (*at, key))


def _put(document: Json, path: Path, value: object, rng: random.Random) -> bool:
    """Replace one value; half of the time inside of it, where it is JSON in a text. False where it is gone already."""
    for part in path[:-1]:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return False
    last = path[-1]
    if not (isinstance(document, dict) and last in document) and not (
        isinstance(document, list) and isinstance(last, int) and last < len(document)
    ):
        return False
    old = document[last]
    if isinstance(old, str) and old[:1] in ("{", "[") and rng.random() < 0.8:
        try:
            inner = json.loads(old)
        except ValueError:
            inner = None
        if inner:
            document[last] = json.dumps(mutated(inner, rng, 1)[0])
            return True
    document[last] = value
    return True
