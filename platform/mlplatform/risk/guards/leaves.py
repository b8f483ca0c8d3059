"""A change as single values, also of blocks and lists that come or go as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from mlplatform.plan.change import PropertyChange
from mlplatform.plan.model import Value, is_secret
from mlplatform.plan.sources.fields import items, mapping
from mlplatform.risk.guards.compare import compare_texts
from mlplatform.risk.guards.directions import MISSING

_DEEPEST = 60
"""Levels that are read; deeper documents are nobody's settings."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value that changes."""

    path: str
    """For people, with positions."""

    names: tuple[str, ...]
    """Names of the path in lower case, without positions and ARM's `properties`."""

    before: Value
    """`MISSING` where it was not set; of a list, the items that it loses."""

    after: Value
    """`MISSING` where it is not set any more; of a list, the items that it gains."""

    is_list: bool = False
    """Whether it is a list as a whole."""

    is_new: bool = False
    """Whether what contains it is new: there was no value before, not even a default."""


def changed_leaves(changes: Iterable[PropertyChange]) -> Iterator[Leaf]:
    """Every value that a change sets, alters or removes; Pulumi's options are left out."""
    lists: dict[tuple[str | int, ...], tuple[list[Value], list[Value]]] = {}
    for change in changes:
        if change.is_option:
            continue
        before = MISSING if change.kind == "add" else change.before
        after = MISSING if change.kind == "remove" else change.after
        is_item = isinstance(change.path[-1], int)
        if is_item and (change.kind != "update" or not mapping(after)):
            lost, gained = lists.setdefault(change.path[:-1], ([], []))
            lost += [] if before is MISSING else [before]
            gained += [] if after is MISSING else [after]
        if not (is_item and change.kind == "remove"):
            yield from _walk(change.path, before, after, is_new=is_item and change.kind == "add")
        if change.kind == "update":
            inner = compare_texts(before, after)
            yield from changed_leaves(replace(one, path=(*change.path, *one.path)) for one in inner)
    for path, (lost, gained) in lists.items():
        yield Leaf(_text(path), path_names(path), *_apart(lost, gained), is_list=True)


def new_leaves(inputs: Mapping[str, Value]) -> Iterator[Leaf]:
    """Every value of a new resource."""
    for name, value in inputs.items():
        yield from _walk((name,), MISSING, value, is_new=True)


def _walk(path: tuple[str | int, ...], before: Value, after: Value, *, is_new: bool) -> Iterator[Leaf]:
    if len(path) > _DEEPEST:
        return
    text, names = _text(path), path_names(path)
    was, now = items(before), items(after)
    if was or now:
        yield Leaf(text, names, *_apart(was, now), is_list=True, is_new=is_new)
        if before is MISSING:
            for place, item in enumerate(now):
                if mapping(item):
                    yield from _walk((*path, place), MISSING, item, is_new=True)
    yield Leaf(text, names, before, after, is_new=is_new)
    old_fields, new_fields = _object(before), _object(after)
    for name in sorted({*old_fields, *new_fields}):
        old, new = old_fields.get(name, MISSING), new_fields.get(name, MISSING)
        if old != new:
            yield from _walk((*path, name), old, new, is_new=is_new)


def _object(value: Value) -> Mapping[str, Value]:
    """An object, also as JSON text; empty where it is none, or secret."""
    if isinstance(value, str) and value[:1] == "{":
        try:
            value = cast("object", json.loads(value))
        except (ValueError, RecursionError):
            return {}
    return {} if is_secret(value) else mapping(value)


def _apart(lost: list[Value], gained: list[Value]) -> tuple[list[Value], list[Value]]:
    """What one list has more than the other; items of another order are the same."""
    was, now = ({json.dumps(item, sort_keys=True, default=str): item for item in side} for side in (lost, gained))
    return [item for key, item in was.items() if key not in now], [i for key, i in now.items() if key not in was]


def _text(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def path_names(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Names of a path in lower case, without positions and ARM's `properties`."""
    return tuple(part.lower() for part in path if isinstance(part, str) and part.lower() != "properties")
