"""What follows from a change: a new resource has other outputs, so what takes them as inputs changes too.

Pulumi's engine decides resource by resource, in the order of the program. The outputs of a resource that stays are
those it has; a resource that is made anew has none yet, so that its readers are compared with an unknown value. Where
the old one is deleted first, whatever cannot live without it is deleted before it and made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from mlplatform.catalog.raised import RAISED, raises
from mlplatform.json_text import parse_document
from mlplatform.plan.change import ChangeKind, PropertyChange, PropertyPath, ResourceChange, in_order
from mlplatform.plan.diff.pairs import ResourceMatch, ResourcePair
from mlplatform.plan.diff.unknown import MIN_MARK, all_texts
from mlplatform.plan.diff.verdict import replacement_reason
from mlplatform.plan.model import UNKNOWN, Plan, Step, Value, is_secret
from mlplatform.plan.sources.fields import mapping


class Cascade:
    """Follows the decisions of the engine through a program.

    Args:
        before: the present plan.
        after: the plan after the change.
        matched: their matched resources.
    """

    def __init__(self, before: Plan, after: Plan, matched: ResourceMatch) -> None:
        self._before, self._after, self._matched = before, after, matched
        self._same_origin = (before.origin, before.resolved) == (after.origin, after.resolved)
        self._outputs: dict[str, Mapping[str, str]] = {}
        """By resource whose outputs differ: its outputs as the plan has them, to what the engine sees."""
        self._anew: set[str] = set()
        self._forced: dict[str, tuple[PropertyChange, ...]] = {}

    def is_anew(self, urns: Sequence[str]) -> bool:
        """Whether one of these resources is made anew in place of another."""
        return not self._anew.isdisjoint(urns)

    def seen(self, step: Step) -> Step:
        """A resource with its inputs as the engine sees them."""
        inputs = dict(step.inputs)
        for key, urns in step.property_dependencies.items():
            marks: dict[str, str] = {}
            for urn in urns:
                marks |= self._outputs.get(urn, {})
            if marks and key in inputs:
                ordered = sorted(marks.items(), key=lambda mark: -len(mark[0]))
                inputs[key] = _translated(inputs[key], ordered)
        return replace(step, inputs=inputs) if inputs != step.inputs else step

    def forced(self, urn: str) -> tuple[PropertyChange, ...]:
        """Why a resource must be made anew because one that it needs is deleted first; empty where it need not."""
        return self._forced.get(urn, ())

    def note(self, pair: ResourcePair, kind: ChangeKind | None) -> None:
        """Take note of what happens to a resource; None where nothing does."""
        old, new = pair.before, pair.after
        if new is None:
            return
        if old is None or kind in ("create", "replace"):
            if kind == "replace":
                self._anew.add(new.urn)
            self._outputs[new.urn] = dict.fromkeys(self._own(new), UNKNOWN)
            if old is not None and is_deleted_first(old, new):
                self._force_readers(old)
        elif self._same_origin and (different := dict(self._differing(old, new))):
            self._outputs[new.urn] = different

    def _own(self, step: Step) -> Iterator[str]:
        """Outputs of a resource that come from one place."""
        inputs = set(all_texts(step.inputs))
        for text in (step.id, *all_texts(step.outputs)):
            if len(text) >= MIN_MARK and text not in inputs and self._makers.get(text) == 1:
                yield text

    def _differing(self, old: Step, new: Step) -> Iterator[tuple[str, str]]:
        """Outputs that the plans have of a resource that stays, where they differ: nothing gives it others."""
        own = set(self._own(new))
        for was, now in ((old.id, new.id), *_text_pairs(old.outputs, new.outputs)):
            if was != now and now in own and len(was) >= MIN_MARK:
                yield now, was

    @cached_property
    def _makers(self) -> Mapping[str, int]:
        """From how many places a text among the outputs comes: an account's id comes from many resources.

        What depends on one that has the text passes it on, as an alias does with the ARN of its key.
        """
        having: dict[str, set[str]] = {}
        places: dict[str, int] = {}
        for step in self._after.steps:
            for text in {step.id, *all_texts(step.outputs)} - set(all_texts(step.inputs)):
                others = having.setdefault(text, set())
                if others.isdisjoint(step.dependencies):
                    places[text] = places.get(text, 0) + 1
                others.add(step.urn)
        return places

    def _force_readers(self, root: Step) -> None:
        """Note what must be made anew because a resource is deleted before its replacement exists.

        A resource depends on it by a property that cannot change in place:
        https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
        """
        gone = {root.urn}
        for step in self._before.steps:
            if not step.custom or step.op == "read" or step.urn in gone:
                continue
            reasons = tuple(_unknown_inputs(step, gone))
            if any(change.replaces for change in reasons):
                gone.add(step.urn)
                self._forced.setdefault(self._matched.now(step.urn), reasons)


def _text_pairs(old: Value, new: Value) -> Iterator[tuple[str, str]]:
    """Texts that have the same place in two nested values."""
    if isinstance(old, str) and isinstance(new, str):
        yield old, new
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        was = cast("Mapping[str, Value]", old)
        for key, item in cast("Mapping[str, Value]", new).items():
            yield from _text_pairs(was.get(key), item)
    elif isinstance(old, list) and isinstance(new, list):
        for one, other in zip(cast("list[Value]", old), cast("list[Value]", new), strict=False):
            yield from _text_pairs(one, other)


def is_deleted_first(old: Step, new: Step) -> bool:
    """Whether a replacement deletes the old resource first: the program says so, or its name allows no two of it."""
    if new.delete_before_replace:
        return True
    # it takes the SDK's schemas, which load for longer than most changes are compared
    from mlplatform.providers.deleted_first import deletes_first

    return deletes_first(new.type, old.inputs, new.inputs)


def _unknown_inputs(step: Step, gone: set[str]) -> Iterator[PropertyChange]:
    for key, urns in step.property_dependencies.items():
        if key in step.inputs and not gone.isdisjoint(urns):
            value = step.inputs[key]
            yield PropertyChange((key,), "update", value, UNKNOWN, replacement_reason(step, (key,)))


def _translated(value: Value, marks: Sequence[tuple[str, str]]) -> Value:
    if isinstance(value, str):
        return _translated_text(value, marks)
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Value]", value)
        return entries if is_secret(entries) else {key: _translated(item, marks) for key, item in entries.items()}
    if isinstance(value, list):
        return [_translated(item, marks) for item in cast("list[Value]", value)]
    return value


def _translated_text(text: str, marks: Sequence[tuple[str, str]]) -> str:
    """A text with what the engine sees; a document stays one, with unknown values in it."""
    if not any(mark in text for mark, _ in marks):
        return text
    document = parse_document(text)
    if document is not None:
        return json.dumps(_translated(document, marks))
    for mark, seen in marks:
        if mark in text:
            if seen == UNKNOWN:
                return UNKNOWN
            text = text.replace(mark, seen)
    return text


def cascade_raised(changes: dict[str, ResourceChange], after: Plan) -> dict[str, ResourceChange]:
    """Add the changes of resources that run the version of an updated one, which the program alone does not show."""
    raised = {
        urn: RAISED[change.step.type].readers
        for urn, change in changes.items()
        if change.kind == "update" and any(raises(change.step.type, item.path) for item in change.properties)
    }
    if not raised:
        return changes
    all_changes = dict(changes)
    for step in after.steps:
        for urn, readers in raised.items():
            path = readers.get(step.type)
            own = all_changes.get(step.urn)
            if path is None or (own and own.kind != "update"):
                continue
            if urn in step.property_dependencies.get(path[0], ()) and (value := _value_at(step.inputs, path)):
                base = own or ResourceChange("update", step, step)
                if all(item.path != path for item in base.properties):
                    new = PropertyChange(path, "update", value, UNKNOWN, replacement_reason(step, path))
                    all_changes[step.urn] = replace(base, properties=in_order((*base.properties, new)))
    return all_changes


def _value_at(inputs: Mapping[str, Value], path: PropertyPath) -> Value:
    value: Value = inputs
    for part in path:
        value = mapping(value).get(str(part))
    return value
