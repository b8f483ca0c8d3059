"""Types of inputs that are resolved for lists and objects alone: a text is sent as it is, whatever its type.

Pulumi asks for the type of every property that a program sets before it looks at the value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping


class LaterType:
    """The type of one property, resolved when it is asked for."""

    __slots__ = ("_types", "_wire")

    def __init__(self, types: Mapping[str, object], wire: str) -> None:
        self._types = types
        self._wire = wire

    def resolve(self) -> object:
        """The type; None where the property has no usable annotation."""
        return self._types.get(self._wire)


class LaterTypes:
    """The types of an input class as Pulumi's serialiser asks for them."""

    def __init__(self, types: Mapping[str, object], wires: Collection[str]) -> None:
        """Without resolving any.

        Args:
            types: of the properties that have one, by wire name.
            wires: names of all properties.
        """
        self._later = {wire: LaterType(types, wire) for wire in wires}

    def get(self, wire: str) -> LaterType | None:
        """The type of a property by its wire name; None where there is no such property."""
        return self._later.get(wire)
