"""The forms of the rules that SDKs do not carry: names, value limits, exclusions, uniqueness.

Each cloud's tables are in a folder beside this file; every row names the vendor page it comes from.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

NameScope: TypeAlias = Literal["global", "account", "region"] | tuple[str, ...] | None
"""Scope in which a name must be unique: all customers, the account, one region of it, or the resources that share the
named properties (`("clusterName",)`). None: it need not be unique."""

DocumentKind = Literal[
    "json",
    "yaml",
    "promql",
    "prometheus-rules",
    "identity-policy",
    "resource-policy",
    "repository-policy",
    "trust-policy",
]
"""Plain JSON or YAML; a query of Prometheus, or a file of its rules; or an IAM policy: of an identity (names resources,
no principal), of a resource (names both), of a container repository (the resource is implied), or of who may assume a
role (no resource)."""


class NameRule(NamedTuple):
    """The rule for a physical name."""

    token: str
    """Resource type."""

    property: str
    """Property that holds the name."""

    pattern: str
    """Must match the whole name."""

    minimum: int
    """Shortest length in characters."""

    maximum: int
    """Longest length in characters."""

    scope: NameScope
    """Scope in which the name must be unique."""

    source: str
    """Vendor page."""

    words: str = ""
    """The pattern in words."""

    folded: bool = False
    """True if names that differ in case only are the same name."""


class ValueRule(NamedTuple):
    """A limit on a value, at any depth."""

    token: str
    """Resource type."""

    path: str
    """Property: `taints[].key`, `rules[].expiration.days`."""

    source: str
    """Vendor page."""

    allowed: tuple[str | int | float | bool, ...] = ()
    """Documented values; empty for any."""

    low: float | None = None
    """Lower bound of a number."""

    high: float | None = None
    """Upper bound of a number."""

    shortest: int | None = None
    """Lower bound of a text's length."""

    longest: int | None = None
    """Upper bound of a text's length; of a document, without its white space."""

    fewest: int | None = None
    """Lower bound of a list's or map's size."""

    most: int | None = None
    """Upper bound of a list's or map's size."""

    pattern: str | None = None
    """Must match the whole text."""

    document: DocumentKind | None = None
    """Language of the text."""

    words: str = ""
    """The fix, where the limit alone does not suggest it."""


class ConflictRule(NamedTuple):
    """Two properties that a provider refuses together; paths as in ValueRule, without lists."""

    token: str
    """Resource type."""

    first: str
    """One property."""

    second: str
    """The other property."""

    source: str
    """Vendor page."""


class OneOfRule(NamedTuple):
    """Top-level properties of which at least one must be set."""

    token: str
    """Resource type."""

    properties: tuple[str, ...]
    """The properties."""

    source: str
    """Vendor page."""


class WhenRule(NamedTuple):
    """A property that depends on the value of another."""

    token: str
    """Resource type."""

    when: str
    """The other property, at any depth, as in ValueRule."""

    equals: str | int | bool
    """The value of the other property that makes the rule apply."""

    path: str
    """The dependent property. Without `pattern` and `allowed`, it must be set; else it must fit if it is set."""

    source: str
    """Vendor page."""

    words: str
    """The requirement in words."""

    pattern: str | None = None
    """Must match the whole text."""

    allowed: tuple[str | int | bool, ...] = ()
    """Allowed values."""


class ProductRule(NamedTuple):
    """Numbers of one object whose product is limited: tries times seconds, devices times clients."""

    token: str
    """Resource type."""

    path: str
    """The object, at any depth, as in ValueRule."""

    factors: tuple[str, ...]
    """Its numbers, as in ValueRule; without one of them the rule does not apply."""

    most: float | str
    """Largest product, or the property of the resource that has it."""

    source: str
    """Vendor page."""

    words: str
    """The limit in words."""

    raised: tuple[str, float] | None = None
    """A property of the resource that raises the limit where it is set, and the limit then."""


class MapRule(NamedTuple):
    """Limits on the entries of tag or label maps."""

    properties: tuple[str, ...]
    """Top-level names of the maps."""

    most: int
    """Maximum number of entries."""

    key: str
    """Must match whole keys."""

    value: str
    """Must match whole values."""

    words: str
    """Both patterns in words."""

    source: str
    """Vendor page."""

    tokens: tuple[str, ...] = ()
    """Only these resource types; empty for all."""

    except_tokens: tuple[str, ...] = ()
    """Resource types whose map of that name means something else."""

    nested: tuple[tuple[str, str], ...] = ()
    """Further maps: resource type and path."""


class UniqueRule(NamedTuple):
    """Resources that may exist once per combination of some properties."""

    token: str
    """Resource type."""

    properties: tuple[str, ...]
    """The properties that together must be unique."""

    source: str
    """Vendor page."""

    words: str
    """The rule in words."""


class TotalRule(NamedTuple):
    """Texts of several resources that share one limit: all policies of a role."""

    token: str
    """Resource type."""

    within: str
    """The property that names what they share."""

    measured: str
    """The property with the text; its white space does not count."""

    most: int
    """Most characters of all together."""

    source: str
    """Vendor page."""

    words: str
    """What has the limit, in words."""


class RuleTables(NamedTuple):
    """All rules of one cloud."""

    names: tuple[NameRule, ...] = ()
    """Physical names."""

    always_named: frozenset[str] = frozenset()
    """Types of `names` that the provider generates no name for: every program must set it."""

    values: tuple[ValueRule, ...] = ()
    """Limits on values."""

    conflicts: tuple[ConflictRule, ...] = ()
    """Properties that exclude each other."""

    needed: tuple[OneOfRule, ...] = ()
    """Properties of which one is required."""

    when: tuple[WhenRule, ...] = ()
    """Properties that depend on another."""

    products: tuple[ProductRule, ...] = ()
    """Numbers whose product is limited."""

    maps: tuple[MapRule, ...] = ()
    """Tags and labels."""

    unique: tuple[UniqueRule, ...] = ()
    """Resources that may exist once."""

    totals: tuple[TotalRule, ...] = ()
    """Limits that several resources share."""
