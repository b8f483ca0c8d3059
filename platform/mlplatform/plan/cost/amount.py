"""An amount that usage decides: at least, expected, at most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Least, expected and greatest amount of a month. A unit is stated where one is used; costs are US dollars."""

    low: float
    """Nobody uses anything: minima, reservations and what is paid by the hour."""

    expected: float
    """With the usage file's expected amounts."""

    high: float
    """Everything at its upper bound all month."""

    @classmethod
    def of(cls, amount: float) -> Range:
        """The same amount in each case."""
        return cls(amount, amount, amount)

    @classmethod
    def total(cls, ranges: Iterable[Range]) -> Range:
        """The sum; zero where there is none."""
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
        """Whether usage decides nothing."""
        return self.low == self.expected == self.high


ZERO = Range(0.0, 0.0, 0.0)
"""Nothing."""
