"""Whether a provider has the old resource deleted before it makes the new one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mlplatform.fast.sdk import fast_sdk
from mlplatform.providers.kubernetes.check import RELEASE, is_object, object_key
from mlplatform.providers.rules import rules_of
from mlplatform.providers.rules.base import NameRule
from mlplatform.providers.schema import package_of, resource_schema, root_module
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
    names = [rule for rule in _name_rules(package_of(token)).get(token, ()) if rule.property in old]
    same = [rule for rule in names if plain_value(old[rule.property]) == plain_value(new.get(rule.property))]
    if not same:
        return False
    # a plan that was read from a file comes without its SDK, whose modules are large
    fast_sdk((root_module(package_of(token)),))
    schema = resource_schema(token)
    return schema is not None and any(
        not schema.inputs.properties[rule.property].required
        for rule in same
        if rule.property in schema.inputs.properties
    )


@cache
def _name_rules(package: str) -> Mapping[str, list[NameRule]]:
    table: dict[str, list[NameRule]] = {}
    for rule in rules_of(package).names:
        table.setdefault(rule.token, []).append(rule)
    return table
