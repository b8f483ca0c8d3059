"""The property tree of a resource type, in wire names, as far as it has been looked at.

Everything is lazy: a property's type is read from its SDK class when it is first used, because a
large resource has hundreds of nested classes and a plan touches few of them.
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
    """A single value. `any` takes whatever JSON holds; `asset` a file, text or archive envelope."""

    kind: ScalarKind


@dataclass(frozen=True)
class EnumOf:
    """One of a published list of values.

    folded: the service compares without regard to upper and lower case.
    open: the list is known to be incomplete (machine types, managed policies), so other strings pass.
    """

    name: str
    values: tuple[str | int | float | bool, ...]
    folded: bool = False
    open: bool = False


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
        """A property whose type is already at hand, for hand-made schemas of small providers."""
        return cls(name, lambda: type_, required=required)


class ObjectOf:
    """An object with named properties. `constants` are the values which the class itself fixes, such
    as the discriminator of a union (`endpointComputeType` = `Managed`)."""

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
        """An object whose properties are already at hand."""
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
    """What a provider publishes about one resource type.

    token: the type token, for example `aws:s3/bucket:Bucket`.
    inputs: what a program may set. outputs: what the resource has afterwards, inputs included.
    secret_outputs: outputs which the SDK always treats as secret.
    is_provider: a provider's own configuration, whose values other than strings travel as JSON text.
    """

    token: str
    inputs: ObjectOf
    outputs: ObjectOf
    secret_outputs: frozenset[str] = frozenset()
    is_provider: bool = False


@dataclass(frozen=True)
class FunctionSchema:
    """What a provider publishes about one data-source function (an invoke)."""

    token: str
    arguments: ObjectOf
    result: ObjectOf | None


_WORDS: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "any": "any value",
    "asset": "an asset or archive",
}


def describe(type_: SchemaType) -> str:
    """The type in a reader's words, for messages."""
    match type_:
        case Scalar(kind=kind):
            return {"string": "a string", "integer": "an integer", "number": "a number"}.get(kind, "true or false")
        case EnumOf(values=values):
            return f"one of {options(values)}"
        case ListOf(item=item):
            return f"a list of {_bare(item)}"
        case MapOf(value=value):
            return f"a map of {_bare(value)}"
        case UnionOf(members=members):
            return " or ".join(describe(member) for member in members)
        case ObjectOf():
            return f"an object ({type_.name})"


def options(values: Sequence[object]) -> str:
    """Allowed values for a message, cut to a dozen."""
    listed = ", ".join(repr(value) for value in values[:12])
    return listed + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def _bare(type_: SchemaType) -> str:
    return describe(type_).removeprefix("an ").removeprefix("a ")


def plain(value: Enum | str | int | float | bool) -> str | int | float | bool:
    """An enum member as the value that travels."""
    return value.value if isinstance(value, Enum) else value
