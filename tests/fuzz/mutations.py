"""Documents in which values are replaced by what a real cloud, another tool or an attacker may put there."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN

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


def preview_of(resources: list[Json]) -> Json:
    """A preview as Pulumi's engine writes it, from a state that it wrote.

    One resource of each type and what is above it: most are updated, some created, deleted or replaced.
    """
    by_urn = {resource["urn"]: resource for resource in resources}
    kept: set[str] = set()
    for resource in {resource["type"]: resource for resource in reversed(resources)}.values():
        urn = resource["urn"]
        while urn in by_urn and urn not in kept:
            kept.add(urn)
            urn = by_urn[urn].get("parent", "")
    steps: list[Json] = []
    for position, state in enumerate(resource for resource in resources if resource["urn"] in kept):
        op = {3: "delete", 5: "create", 6: "replace"}.get(position % 8, "update") if state["custom"] else "same"
        step: Json = {"op": op, "urn": state["urn"]}
        if op != "create":
            step["oldState"] = state
        if op != "delete":
            step["newState"] = copy.deepcopy(state)
        first = next(iter(sorted(state.get("inputs", {}))), "")
        if op == "replace" and first:
            step["replaceReasons"] = [first]
            step["detailedDiff"] = {first: {"kind": "update-replace", "inputDiff": True}}
        steps.append(step)
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
