"""Aligns the items of two lists, so that an inserted item is one change and not one per item after it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import cast

from mlplatform.plan.model import UNKNOWN, Value

NAMES = ("name", "key", "id", "sid", "Sid", "alert", "record", "title", "displayName", "refId")
"""Keys that identify list items: the first that all items have."""
MAX_ALIGNED = 2_000
"""Number of items above which lists are compared by position: alignment takes quadratic time."""

Pairs = list[tuple[int | None, int | None]]


def align_items(old: Sequence[Value], new: Sequence[Value]) -> Pairs | None:
    """Pairs of positions, None on the side without the item.

    Returns:
        None where the lists have the same items in another order.
    """
    if max(len(old), len(new)) > MAX_ALIGNED:
        return [(i if i < len(old) else None, i if i < len(new) else None) for i in range(max(len(old), len(new)))]
    named = _names(old, new)
    was, now = named or (_texts(old), _texts(new))
    if len(was) == len(now) and was != now and sorted(was, key=repr) == sorted(now, key=repr):
        return None
    return _by_name(was, now) if named else _by_text(was, now)


def _names(old: Sequence[Value], new: Sequence[Value]) -> tuple[list[Hashable], list[Hashable]] | None:
    for key in NAMES:
        was, now = _keyed(old, key), _keyed(new, key)
        if was is not None and now is not None:
            return was, now
    return None


def _keyed(items: Sequence[Value], key: str) -> list[Hashable] | None:
    """The items' names; None where one is missing or not unique."""
    names: list[Hashable] = []
    for item in items:
        name = cast("dict[str, Value]", item).get(key) if isinstance(item, dict) else None
        if not isinstance(name, str | int) or name == UNKNOWN:
            return None
        names.append(name)
    return names if len(set(names)) == len(names) else None


def _by_name(was: Sequence[Hashable], now: Sequence[Hashable]) -> Pairs:
    places = {name: place for place, name in enumerate(was)}
    kept: Pairs = [(places.get(name), place) for place, name in enumerate(now)]
    present = set(now)
    return kept + [(place, None) for name, place in places.items() if name not in present]


def _texts(items: Sequence[Value]) -> list[Hashable]:
    return [json.dumps(item, sort_keys=True, default=str) for item in items]


def _by_text(was: Sequence[Hashable], now: Sequence[Hashable]) -> Pairs:
    pairs: Pairs = []
    for op, i, i_end, j, j_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        common = min(i_end - i, j_end - j) if op != "equal" else i_end - i
        pairs += [(i + step, j + step) for step in range(common)]
        pairs += [(place, None) for place in range(i + common, i_end)]
        pairs += [(None, place) for place in range(j + common, j_end)]
    return pairs
