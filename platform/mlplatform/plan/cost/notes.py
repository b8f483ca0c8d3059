"""Notes of price files: types that are free or left out, SKUs without price, and stand-ins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class TypeNote:
    """Reasons why types have no price: they are free, or left out for a reason."""

    types: tuple[str, ...]
    """Type tokens; `*` stands for anything."""

    reason: str
    """One sentence."""

    source: str
    """The vendor's page; empty for types that are left out."""

    until: date | None = None
    """First day on which it is no longer valid, where the vendor has announced one."""

    def covers(self, token: str) -> bool:
        """Whether it covers a type."""
        return _any(token, self.types)

    def is_valid(self, day: date | None) -> bool:
        """Whether it is valid on a day; None for any."""
        return day is None or self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that is billed beside resources of some types, and that is not in the estimate."""

    what: str
    """What is billed, for people."""

    types: tuple[str, ...]
    """Type tokens of the resources; `*` stands for anything."""

    reason: str
    """Reason why it is not in the estimate: one sentence."""

    source: str
    """The vendor's page."""

    def covers(self, token: str) -> bool:
        """Whether it is billed beside a type."""
        return _any(token, self.types)


@dataclass(frozen=True, slots=True)
class NotPriced:
    """SKUs whose price is unknown, and why."""

    skus: tuple[str, ...]
    """Names; `*` stands for anything."""

    reason: str
    """One sentence."""

    regions: tuple[str, ...] = ("*",)
    """Regions; `*` stands for anything."""

    def covers(self, sku: str, region: str) -> bool:
        """Whether it covers a price."""
        return _any(sku, self.skus) and _any(region, self.regions)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A region without prices of its own, and the one whose prices stand in."""

    skus: tuple[str, ...]
    """Names; `*` stands for anything."""

    region: str
    """The region without a price."""

    of: str
    """The region whose price stands in."""

    reason: str
    """Reason why the prices are comparable: one sentence."""

    def covers(self, sku: str) -> bool:
        """Whether it covers a price."""
        return _any(sku, self.skus)


def _any(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
