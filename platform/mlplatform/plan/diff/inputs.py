"""Compares a resource's inputs, property by property, also inside JSON documents in strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast

from mlplatform.json_text import parse_document
from mlplatform.plan.change import PropertyChange, PropertyPath
from mlplatform.plan.diff.lists import align_items
from mlplatform.plan.diff.pairs import ResourceMatch
from mlplatform.plan.diff.unknown import KnownValues, PropertyKnowledge
from mlplatform.plan.model import Step, Value, is_secret

DEFAULTS = "__defaults"
"""Input in which a provider lists the properties that it filled in."""
_MISSING = object()
_RELEASE = "kubernetes:helm.sh/v3:Release"
_OF_ENGINE = ("version", "pluginDownloadURL")
"""Inputs of a provider that the engine adds."""
_OF_RELEASE = ("compat", "resourceNames")
"""Inputs of a Helm release that its provider works out itself: the objects that the chart would make."""


class Renewals(Protocol):
    """What is made anew so far."""

    def is_anew(self, urns: Sequence[str]) -> bool:
        """Whether one of these resources is."""
        ...


def compare_inputs(
    before: Step, after: Step, matched: ResourceMatch, known: KnownValues, renewals: Renewals | None = None
) -> list[PropertyChange]:
    """Every input that differs.

    Args:
        before: as it was.
        after: as it will be.
        found: the matched resources, for URNs of the later plan.
        known: knowledge about values that only the cloud knows.
        renewals: what is made anew: an unknown value from there is another one. Omitted: nothing.
    """
    changes: list[PropertyChange] = []
    is_provider = after.type.startswith("pulumi:providers:")
    for key, old, new in _keys(before.inputs, after.inputs):
        added = _OF_ENGINE if is_provider else _OF_RELEASE if after.type == _RELEASE else ()
        if key in added and (old is _MISSING or new is _MISSING):
            continue
        was = tuple(sorted(matched.now(urn) for urn in before.property_dependencies.get(key, ())))
        now = after.property_dependencies.get(key, ())
        renewed = renewals is not None and renewals.is_anew(now)
        if old == new and was == now and not renewed:
            continue
        changes += _Tree(known.about(was, now, renewed=renewed)).walk(old, new, (key,))
    return changes


def _keys(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[tuple[str, Value, Value]]:
    """Keys of either side with both values, without those that a provider filled in on one side only."""
    filled = {*_filled(before), *_filled(after)}
    for key in sorted({*before, *after}):
        old, new = before.get(key, _MISSING), after.get(key, _MISSING)
        if key.startswith("__") or (key in filled and (old is _MISSING or new is _MISSING)):
            continue
        yield key, old, new


def _filled(values: Mapping[str, Value]) -> list[str]:
    listed = values.get(DEFAULTS)
    return [str(key) for key in cast("list[object]", listed)] if isinstance(listed, list) else []


class _Tree:
    """Compares two nested values."""

    def __init__(self, unknown: PropertyKnowledge) -> None:
        self._unknown = unknown

    def walk(self, old: Value, new: Value, path: PropertyPath) -> Iterator[PropertyChange]:
        if old is new and not self._unknown.elsewhere:
            return
        if old is _MISSING or old is None:
            if new is not _MISSING and new is not None:
                yield PropertyChange(path, "add", None, new)
        elif new is _MISSING or new is None:
            yield PropertyChange(path, "remove", old, None)
        elif self._unknown.either(old, new):
            if self._unknown.differ(old, new):
                yield PropertyChange(path, "update", old, new)
        elif is_secret(old) or is_secret(new):
            if _differ(old, new):
                yield PropertyChange(path, "update", old, new)
        else:
            yield from self._inside(old, new, path)

    def _inside(self, before: Value, after: Value, path: PropertyPath) -> Iterator[PropertyChange]:
        if isinstance(before, dict) and isinstance(after, dict):
            for key, was, now in _keys(cast("dict[str, Value]", before), cast("dict[str, Value]", after)):
                yield from self.walk(was, now, (*path, key))
        elif isinstance(before, list) and isinstance(after, list):
            yield from self._lists(cast("list[Value]", before), cast("list[Value]", after), path)
        elif isinstance(before, str) and isinstance(after, str):
            yield from self._texts(before, after, path)
        else:
            yield from self._plain(cast("Value", before), after, path)

    def _plain(self, old: Value, new: Value, path: PropertyPath) -> Iterator[PropertyChange]:
        if old != new:
            yield PropertyChange(path, "update", old, new)

    def _lists(self, old: list[Value], new: list[Value], path: PropertyPath) -> Iterator[PropertyChange]:
        if old == new and not self._unknown.elsewhere:
            return
        pairs = align_items(old, new)
        if pairs is None:
            yield PropertyChange(path, "update", old, new)
            return
        for was, now in pairs:
            place = now if now is not None else was
            assert place is not None
            before = old[was] if was is not None else _MISSING
            after = new[now] if now is not None else _MISSING
            yield from self.walk(before, after, (*path, place))

    def _texts(self, old: str, new: str, path: PropertyPath) -> Iterator[PropertyChange]:
        if old == new:
            return
        was, now = parse_document(old), parse_document(new)
        if was is None or now is None or type(was) is not type(now):
            if not self._unknown.made_up(old, new) or self._unknown.rewired:
                yield PropertyChange(path, "update", old, new)
        else:
            yield from self.walk(was, now, path)


def _differ(old: Value, new: Value) -> bool:
    """Whether secrets differ, as far as that is visible; a sealed secret shows only that it is one."""
    if not (is_secret(old) and is_secret(new)):
        return True
    was, now = cast("dict[str, Value]", old), cast("dict[str, Value]", new)
    return any(key in was and key in now and was[key] != now[key] for key in ("value", "digest", "ciphertext"))
