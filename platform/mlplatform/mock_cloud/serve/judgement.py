"""Judges a change as the real provider does: in place, or a new resource, and which of the two comes first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from mlplatform.mock_cloud.serve.difference import Difference, Replacement, differences, ignored
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.rules import rules_of
from mlplatform.providers.rules.base import NameRule
from mlplatform.providers.schema import package_of, resource_schema
from mlplatform.providers.wire import as_object, bare


class Judge:
    """Knows what replaces.

    account: whose ids a change of names alters. replacement: the providers' own table.
    """

    def __init__(self, account: Account, replacement: Replacement) -> None:
        self._account = account
        self._why = replacement

    def changes(
        self, token: str, name: str, old: Mapping[str, object], new: Mapping[str, object], ignore: tuple[str, ...] = ()
    ) -> list[Difference]:
        """What differs, with what replaces marked."""
        found = [change for change in differences(old, new) if not ignored(change.path, ignore)]
        if not found:
            return []
        moved = self._id(token, name, old) != self._id(token, name, new)
        marked = [replace(change, replaces=self._fixed(token, old, new, change)) for change in found]
        if moved and not any(change.replaces for change in marked):
            # nothing says so, yet it would be found under another id: it is another resource
            return [replace(change, replaces=self._names(token, name, old, new, change)) for change in marked]
        return marked

    def deletes_first(self, token: str, old: Mapping[str, object], new: Mapping[str, object]) -> bool:
        """Whether the provider asks for the old one to be deleted first: its name is the program's own and stays.

        Where the provider never makes names up, it does not ask, and the new one meets the old one's name.
        """
        names = [rule for rule in _name_rules(package_of(token)).get(token, ()) if rule.property in old]
        same = [rule for rule in names if bare(old[rule.property]) == bare(new.get(rule.property))]
        schema = resource_schema(token)
        return schema is not None and any(
            not schema.inputs.properties[rule.property].required
            for rule in same
            if rule.property in schema.inputs.properties
        )

    def _fixed(self, token: str, old: Mapping[str, object], new: Mapping[str, object], change: Difference) -> bool:
        """Whether it cannot change; of a text that holds a document, whether something in it cannot."""
        if self._why(token, change.path):
            return True
        before, after = (_document(inputs.get(str(change.path[0]))) for inputs in (old, new))
        return any(self._why(token, (*change.path[:1], *inner.path)) for inner in differences(before, after))

    def _id(self, token: str, name: str, inputs: Mapping[str, object]) -> str:
        return provider_outputs(token, name, inputs, self._account)[0]

    def _names(
        self, token: str, name: str, old: Mapping[str, object], new: Mapping[str, object], change: Difference
    ) -> bool:
        """Whether this property alone moves the id."""
        top = str(change.path[0])
        one = {key: value for key, value in {**old, top: new.get(top)}.items() if value is not None}
        return self._id(token, name, old) != self._id(token, name, one)


def _document(value: object) -> Mapping[str, object]:
    """The object that a text holds as JSON; an empty one for any other value."""
    text = bare(value)
    if not isinstance(text, str) or not text.startswith("{"):
        return {}
    try:
        return as_object(json.loads(text)) or {}
    except ValueError:
        return {}


@cache
def _name_rules(package: str) -> Mapping[str, list[NameRule]]:
    table: dict[str, list[NameRule]] = {}
    for rule in rules_of(package).names:
        table.setdefault(rule.token, []).append(rule)
    return table
