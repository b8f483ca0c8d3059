"""A text in a cloud's store that is replaced only where nobody else has replaced it since it was read."""

from __future__ import annotations

from dataclasses import dataclass


class WrittenMeanwhile(Exception):
    """Somebody else has written the text since it was read, or has made it."""


@dataclass(frozen=True)
class StoredText:
    """A text as it is in the store."""

    text: str | None
    """Its content; None where there is none."""

    version: str
    """What the store knows this content by; empty where there is none."""
