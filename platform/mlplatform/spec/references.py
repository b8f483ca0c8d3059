"""References to existing resources that must differ: one subnet, range or bucket cannot be two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

K = TypeVar("K", bound=str)

References = Mapping[str, object]
"""References by field, each of which must differ from the others; values that are not text are not known yet."""


class Repeated(NamedTuple):
    """One reference under two fields."""

    field: str
    """The later field."""

    earlier: str
    """The field that names it first."""

    value: str
    """The reference."""


def repeated_references(groups: Iterable[References]) -> Iterator[Repeated]:
    """References that are under two fields of one group; clouds ignore the case of ids."""
    for group in groups:
        first: dict[str, str] = {}
        for field, value in group.items():
            if isinstance(value, str) and value:
                earlier = first.setdefault(value.lower(), field)
                if earlier != field:
                    yield Repeated(field, earlier, value)


def by_key(field: str, references: Mapping[K, object]) -> dict[str, object]:
    """A mapping's references, with their fields: `subnets.us-east-1a`."""
    return {f"{field}.{key}": value for key, value in references.items()}


def by_position(field: str, references: Iterable[object]) -> dict[str, object]:
    """A list's references, with their fields: `node_subnet_ids[0]`."""
    return {f"{field}[{index}]": value for index, value in enumerate(references)}
