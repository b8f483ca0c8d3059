"""A monthly amount that depends on usage: at least, expected, at most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Least, expected and greatest amount of a month, in the unit of its field; costs are US dollars."""

    low: float
    """No use at all: minimum counts, reservations and hourly prices."""

    expected: float
    """With the usage file's expected amounts."""

    high: float
    """Everything at its upper bound for the whole month."""

    @classmethod
    def of(cls, amount: float) -> Range:
        """The same amount in each case."""
        return cls(amount, amount, amount)

    @classmethod
    def total(cls, ranges: Iterable[Range]) -> Range:
        """The sum; zero for no ranges."""
        listed = tuple(ranges)
        return cls(sum(r.low for r in listed), sum(r.expected for r in listed), sum(r.high for r in listed))

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """Case by case, as a difference between two estimates: `low` against `low`."""
        return Range(self.low - other.low, self.expected - other.expected, self.high - other.high)

    def __mul__(self, factor: float) -> Range:
        return Range(self.low * factor, self.expected * factor, self.high * factor)

    __rmul__ = __mul__

    @property
    def certain(self) -> bool:
        """Whether it does not depend on usage."""
        return self.low == self.expected == self.high


ZERO = Range(0.0, 0.0, 0.0)
"""An amount of zero."""
