"""The property tree of a resource type, in wire names.

It is lazy: a property's type is read from its SDK class when it is first used, because a large resource has hundreds of
nested classes and a plan needs few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Literal, TypeAlias

ScalarKind = Literal["string", "integer", "number", "boolean", "any", "asset"]


@dataclass(frozen=True)
class Scalar:
    """A single value."""

    kind: ScalarKind
    """`any` is any JSON; `asset` is the envelope of a file, a text or an archive."""


@dataclass(frozen=True)
class EnumOf:
    """One of a published list of values."""

    name: str
    """The SDK's name of the list."""

    values: tuple[str | int | float | bool, ...]
    """The list."""

    folded: bool = False
    """True if the service ignores upper and lower case."""

    open: bool = False
    """True if the list is incomplete (machine types, managed policies), so that other strings pass."""


@dataclass(frozen=True)
class ListOf:
    """A list whose items all have one type."""

    item: SchemaType


@dataclass(frozen=True)
class MapOf:
    """An object with free keys whose values all have one type."""

    value: SchemaType


@dataclass(frozen=True)
class UnionOf:
    """A value of one of several types."""

    members: tuple[SchemaType, ...]


class Property:
    """A named property; its type is read on first use."""

    def __init__(self, name: str, read: Callable[[], SchemaType], *, required: bool = False) -> None:
        self.name = name
        self.required = required
        self._read = read

    @cached_property
    def type(self) -> SchemaType:
        return self._read()

    @classmethod
    def of(cls, name: str, type_: SchemaType, *, required: bool = False) -> Property:
        """A property of a known type, for hand-written schemas of small providers."""
        return cls(name, lambda: type_, required=required)


class ObjectOf:
    """An object with named properties.

    `constants` are values that the class itself sets, such as the discriminator of a union (`endpointComputeType` =
    `Managed`).
    """

    def __init__(self, name: str, read: Callable[[], tuple[Mapping[str, Property], Mapping[str, str]]]) -> None:
        self.name = name
        self._read = read

    @cached_property
    def _facts(self) -> tuple[Mapping[str, Property], Mapping[str, str]]:
        return self._read()

    @property
    def properties(self) -> Mapping[str, Property]:
        return self._facts[0]

    @property
    def constants(self) -> Mapping[str, str]:
        return self._facts[1]

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, prop in self.properties.items() if prop.required)

    @classmethod
    def of(cls, name: str, *properties: Property) -> ObjectOf:
        """An object of known properties."""
        table = {prop.name: prop for prop in properties}
        return cls(name, lambda: (table, {}))


SchemaType: TypeAlias = Scalar | EnumOf | ListOf | MapOf | UnionOf | ObjectOf

STRING = Scalar("string")
INTEGER = Scalar("integer")
NUMBER = Scalar("number")
BOOLEAN = Scalar("boolean")
ANY = Scalar("any")
ASSET = Scalar("asset")


@dataclass(frozen=True)
class ResourceSchema:
    """The published schema of one resource type."""

    token: str
    """Type token: `aws:s3/bucket:Bucket`."""

    inputs: ObjectOf
    """Properties that a program can set."""

    outputs: ObjectOf
    """Properties of the created resource, inputs included."""

    secret_outputs: frozenset[str] = frozenset()
    """Outputs that the SDK always treats as secret."""

    is_provider: bool = False
    """True for a provider's own configuration, whose values other than strings travel as JSON text."""


@dataclass(frozen=True)
class FunctionSchema:
    """The published schema of one data-source function (an invoke)."""

    token: str
    """Function token."""

    arguments: ObjectOf
    """Its arguments."""

    result: ObjectOf | None
    """Its result; None where the SDK does not declare one."""


_WORDS: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "any": "any value",
    "asset": "an asset or archive",
}


def describe_type(type_: SchemaType) -> str:
    """The type in words, for messages."""
    match type_:
        case Scalar(kind=kind):
            return {"string": "a string", "integer": "an integer", "number": "a number"}.get(kind, "true or false")
        case EnumOf(values=values):
            return f"one of {list_options(values)}"
        case ListOf(item=item):
            return f"a list of {_bare(item)}"
        case MapOf(value=value):
            return f"a map of {_bare(value)}"
        case UnionOf(members=members):
            return " or ".join(describe_type(member) for member in members)
        case ObjectOf():
            return f"an object ({type_.name})"


def list_options(values: Sequence[object]) -> str:
    """Allowed values for a message, cut to a dozen."""
    listed = ", ".join(repr(value) for value in values[:12])
    return listed + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def _bare(type_: SchemaType) -> str:
    return describe_type(type_).removeprefix("an ").removeprefix("a ")


def enum_value(value: Enum | str | int | float | bool) -> str | int | float | bool:
    """The value of an enum member, as it travels."""
    return value.value if isinstance(value, Enum) else value
