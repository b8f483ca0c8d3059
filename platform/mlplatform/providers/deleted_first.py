"""Whether a provider has the old resource deleted before it makes the new one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mlplatform.providers.kubernetes.check import RELEASE, is_object, object_key
from mlplatform.providers.rules import rules_of
from mlplatform.providers.wire import plain_value


def deletes_first(token: str, old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether a replacement deletes the old one first, because the program sets its name and keeps it.

    A provider that never generates names does not do so, and the new one collides with the old one's name.

    Args:
        token: type token.
        old: inputs of the resource that is replaced.
        new: inputs of the one that takes its place.
    """
    if is_object(token) or token == RELEASE:
        # the program sets every name
        return object_key(token, old) == object_key(token, new)
    names = (name for name in _names_by_choice(token.partition(":")[0]).get(token, ()) if name in old)
    return any(plain_value(old[name]) == plain_value(new.get(name)) for name in names)


@cache
def _names_by_choice(package: str) -> Mapping[str, list[str]]:
    """Properties with a name that the provider generates where a program sets none, by type.

    From the rules' own tables: a plan that was read from a file comes without its SDK, whose modules are large.
    """
    rules = rules_of(package)
    table: dict[str, list[str]] = {}
    for rule in rules.names:
        if rule.token not in rules.always_named:
            table.setdefault(rule.token, []).append(rule.property)
    return table
