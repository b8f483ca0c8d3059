"""The nearest known names, for messages that ask "did you mean …?"."""

from __future__ import annotations

from collections.abc import Iterable


def nearest_names(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Known names that resemble a misspelled one, best first.

    Args:
        name: the misspelled name.
        known: the names to choose from.
        most: how many names to return.
        cutoff: how similar they must be: 0 accepts every name, 1 only the same one.
    """
    from difflib import get_close_matches  # on first use: most runs misspell nothing

    return get_close_matches(name, list(known), n=most, cutoff=cutoff)
