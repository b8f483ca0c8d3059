"""What price files say in words: what is free, left out, not priced, and whose prices stand in for which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class TypeNote:
    """What the data says of types that have no price: free, or left out for a reason."""

    types: tuple[str, ...]
    """Type tokens; `*` stands for anything."""

    reason: str
    """One sentence."""

    source: str
    """The vendor's page; empty for what is left out."""

    until: date | None = None
    """First day on which it no longer holds, where the vendor has announced one."""

    def names(self, token: str) -> bool:
        """Whether it is about a type."""
        return _any(token, self.types)

    def holds(self, day: date | None) -> bool:
        """Whether it is true on a day; None for any."""
        return day is None or self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class NotPriced:
    """Names of prices that are not known, and why."""

    skus: tuple[str, ...]
    """Names; `*` stands for anything."""

    reason: str
    """One sentence."""

    regions: tuple[str, ...] = ("*",)
    """Where; `*` stands for anything."""

    def names(self, sku: str, region: str) -> bool:
        """Whether it is about a price."""
        return _any(sku, self.skus) and _any(region, self.regions)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A region without prices of its own, and the one whose prices are taken."""

    skus: tuple[str, ...]
    """Names; `*` stands for anything."""

    region: str
    """Which has no price."""

    of: str
    """Whose price is taken."""

    reason: str
    """Why that is fair: one sentence."""

    def names(self, sku: str) -> bool:
        """Whether it is about a price."""
        return _any(sku, self.skus)


def _any(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
