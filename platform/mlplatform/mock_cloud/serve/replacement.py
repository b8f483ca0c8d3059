"""Decides as the real provider whether a change replaces a resource."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from mlplatform.mock_cloud.serve.difference import Difference, PropertyPath, Replacement, differences, is_ignored
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.wire import as_list, as_object, plain_value


class ReplacementJudge:
    """Decides about replacements.

    Args:
        account: the account, which is part of ids that follow from names.
        replacement: the providers' own table.
    """

    def __init__(self, account: Account, replacement: Replacement) -> None:
        self._account = account
        self._reason = replacement

    def changes(
        self, token: str, name: str, old: Mapping[str, object], new: Mapping[str, object], ignore: tuple[str, ...] = ()
    ) -> list[Difference]:
        """The differences; those that replace the resource are marked."""
        changes = [change for change in differences(old, new) if not is_ignored(change.path, ignore)]
        if not changes:
            return []
        new_id = self._id(token, name, old) != self._id(token, name, new)
        marked = [replace(change, replaces=self._is_immutable(token, old, new, change)) for change in changes]
        if new_id and not any(change.replaces for change in marked):
            # no table says so, yet it would have another id: it is another resource
            return [replace(change, replaces=self._changes_id(token, name, old, new, change)) for change in marked]
        return marked

    def _is_immutable(
        self, token: str, old: Mapping[str, object], new: Mapping[str, object], change: Difference
    ) -> bool:
        """Whether the property is immutable; of a text with a document, whether a changed property in it is."""
        was, now = (_at(inputs, change.path) for inputs in (old, new))
        if self._reason(token, change.path, was, now):
            return True
        before, after = (_document(inputs.get(str(change.path[0]))) for inputs in (old, new))
        return any(self._reason(token, (*change.path[:1], *inner.path)) for inner in differences(before, after))

    def _id(self, token: str, name: str, inputs: Mapping[str, object]) -> str:
        return provider_outputs(token, name, inputs, self._account)[0]

    def _changes_id(
        self, token: str, name: str, old: Mapping[str, object], new: Mapping[str, object], change: Difference
    ) -> bool:
        """Whether this property alone changes the id."""
        top = str(change.path[0])
        changed = {key: value for key, value in {**old, top: new.get(top)}.items() if value is not None}
        return self._id(token, name, old) != self._id(token, name, changed)


def _at(inputs: Mapping[str, object], path: PropertyPath) -> object:
    value: object = inputs
    for part in path:
        inner = plain_value(value)
        entries, items = as_object(inner), as_list(inner)
        if isinstance(part, int):
            value = items[part] if items is not None and part < len(items) else None
        else:
            value = entries.get(part) if entries is not None else None
    return plain_value(value)


def _document(value: object) -> Mapping[str, object]:
    """The object in a JSON text; an empty one for any other value."""
    text = plain_value(value)
    if not isinstance(text, str) or not text.startswith("{"):
        return {}
    try:
        return as_object(json.loads(text)) or {}
    except ValueError:
        return {}
