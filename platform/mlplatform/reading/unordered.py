"""A set where a list is wanted whose order has a meaning: its entries come in another order each time."""

from __future__ import annotations

from collections.abc import Set


class Unordered:
    """A set that no field accepts.

    Args:
        entries: what is in it.
    """

    def __init__(self, entries: Set[object]) -> None:
        self._entries = entries

    def __str__(self) -> str:
        return f"the set {{{', '.join(sorted(map(repr, self._entries)))}}}"
