"""The forms of the rules that SDKs do not carry: names, value limits, exclusions, uniqueness.

Each cloud's tables sit beside this file; every row names the vendor page it comes from.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Scope: TypeAlias = Literal["global", "account", "region"] | tuple[str, ...] | None
"""Within what a name must be unique: all customers, the account, one region of it, or the resources that
share the named properties (`("clusterName",)`). None: it need not be unique."""

DocumentKind = Literal["json", "identity-policy", "resource-policy", "repository-policy", "trust-policy"]
"""Plain JSON, or an IAM policy: attached to an identity (names resources, no principal), to a resource
(names both), to a container repository (the resource is implied), or who may assume a role (no resource)."""


class NameRule(NamedTuple):
    """The rule for a physical name.

    token, property: which property of which type. pattern: must match the whole name. minimum, maximum:
    length in characters. scope: where it must be unique. source: the vendor page. words: the rule in
    words. folded: names that differ in case only are the same name.
    """

    token: str
    property: str
    pattern: str
    minimum: int
    maximum: int
    scope: Scope
    source: str
    words: str = ""
    folded: bool = False


class ValueRule(NamedTuple):
    """A limit on a value, at any depth: `taints[].key`, `rules[].expiration.days`.

    allowed: the documented values. low, high: bounds of a number. shortest, longest: bounds of a text's
    length. fewest, most: bounds of a list's or map's size. pattern: must match the whole text.
    document: the text holds JSON of this kind; longest then counts without white space.
    """

    token: str
    path: str
    source: str
    allowed: tuple[str | int | float | bool, ...] = ()
    low: float | None = None
    high: float | None = None
    shortest: int | None = None
    longest: int | None = None
    fewest: int | None = None
    most: int | None = None
    pattern: str | None = None
    document: DocumentKind | None = None
    words: str = ""


class ConflictRule(NamedTuple):
    """Two properties that a provider refuses together; paths as in ValueRule, without lists."""

    token: str
    first: str
    second: str
    source: str


class OneOfRule(NamedTuple):
    """Of these top-level properties at least one must be set."""

    token: str
    properties: tuple[str, ...]
    source: str


class WhenRule(NamedTuple):
    """What follows from one property's value for another.

    when, equals: the property and the value (at any depth, as in ValueRule). path: the property that must
    then be there; with pattern or allowed, it need not be there but must fit if it is.
    """

    token: str
    when: str
    equals: str | int | bool
    path: str
    source: str
    words: str
    pattern: str | None = None
    allowed: tuple[str | int | bool, ...] = ()


class MapRule(NamedTuple):
    """Limits on the entries of a tag or label map, wherever a property of this name holds one.

    properties: top-level names of the maps. except_tokens: types whose map of that name means something
    else. tokens: only these types; empty for all. patterns match whole keys and values.
    """

    properties: tuple[str, ...]
    most: int
    key: str
    value: str
    words: str
    source: str
    tokens: tuple[str, ...] = ()
    except_tokens: tuple[str, ...] = ()
    nested: tuple[tuple[str, str], ...] = ()


class UniqueRule(NamedTuple):
    """Resources of a type of which one combination of these properties may exist once."""

    token: str
    properties: tuple[str, ...]
    source: str
    words: str


class Rules(NamedTuple):
    """All rules of one cloud."""

    names: tuple[NameRule, ...] = ()
    values: tuple[ValueRule, ...] = ()
    conflicts: tuple[ConflictRule, ...] = ()
    needed: tuple[OneOfRule, ...] = ()
    when: tuple[WhenRule, ...] = ()
    maps: tuple[MapRule, ...] = ()
    unique: tuple[UniqueRule, ...] = ()
