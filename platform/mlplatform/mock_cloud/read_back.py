"""What a provider reads back of a property that the cloud, or another resource, changes in part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mlplatform.catalog.listed import LISTED, is_listed
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.reading import ReadBackRule
from mlplatform.providers.wire import as_list, as_object, plain_value


def answer_of(held: Held, others: Iterable[Held]) -> Mapping[str, object]:
    """The cloud's present answer for each such property of a resource.

    Args:
        held: the resource.
        others: everything that the cloud holds.
    """
    return {
        rule.property: _answer(rule, held, others)
        for rule in _rules(held.token)
        if held.inputs.get(rule.property) is not None
    }


def as_read(held: Held, others: Iterable[Held]) -> Held:
    """A resource as its provider reads it: what differs from the last answer counts as what the program wrote."""
    now = answer_of(held, others)
    moved = {key: value for key, value in now.items() if value != held.answered.get(key)}
    return replace(held, inputs={**held.inputs, **moved}) if moved else held


def as_kept(held: Held, inputs: Mapping[str, object], others: Iterable[Held]) -> Mapping[str, object]:
    """The inputs that the cloud keeps of an update: without what it added itself, and without other resources.

    Args:
        held: the resource before the update.
        inputs: as sent.
        others: everything that the cloud holds.

    Raises:
        CloudRefused: a list has an entry that the resource does not have.
    """
    kept = {
        rule.property: _kept(rule, held, inputs[rule.property], others)
        for rule in _rules(held.token)
        if inputs.get(rule.property) is not None
    }
    return {**inputs, **kept} if kept else inputs


def _rules(token: str) -> Iterator[ReadBackRule]:
    return (rule for rule in rules_of(token).read_back if rule.token == token)


def _answer(rule: ReadBackRule, held: Held, others: Iterable[Held]) -> object:
    value = plain_value(held.inputs[rule.property])
    entries = as_list(value)
    if entries is None:
        return {**rule.added, **(as_object(value) or {})}
    answers = [{**rule.added, **entry} for entry in (*map(_object, entries), *_children(held, others))]
    listed = LISTED.get(held.token)
    return sorted(answers, key=lambda entry: str(entry.get(listed.name))) if listed else answers


def _children(held: Held, others: Iterable[Held]) -> Iterator[Mapping[str, object]]:
    """Resources of their own, as entries of the list."""
    listed = LISTED.get(held.token)
    for child in others if listed else ():
        if listed and is_listed(listed, held.inputs, child.token, child.inputs):
            apart = (*listed.within, listed.child_name)
            rest = {key: plain_value(value) for key, value in child.inputs.items() if key not in apart}
            yield {**rest, listed.name: child.inputs[listed.child_name]}


def _kept(rule: ReadBackRule, held: Held, sent: object, others: Iterable[Held]) -> object:
    before, entries = plain_value(held.inputs.get(rule.property)), as_list(plain_value(sent))
    if entries is None:
        return _without_added(rule, _object(before), _object(plain_value(sent)))
    listed = LISTED.get(held.token)
    if listed is None:
        return sent
    own = {entry.get(listed.name): entry for entry in map(_object, as_list(before) or ())}
    known = {entry[listed.name] for entry in _children(held, others)} | own.keys()
    by_name = {entry.get(listed.name): entry for entry in map(_object, entries)}
    for name in by_name:
        if name not in known and rule.introduced:
            raise word_refusal(rule.introduced, held.token, held.name, held.id, str(name))
    # an entry that is left out stays in the cloud
    return [_without_added(rule, entry, by_name.get(name, entry)) for name, entry in own.items()]


def _without_added(rule: ReadBackRule, before: Mapping[str, object], sent: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in sent.items() if key in before or value != rule.added.get(key)}


def _object(value: object) -> Mapping[str, object]:
    return as_object(plain_value(value)) or {}
