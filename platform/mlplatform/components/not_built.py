"""What a cloud's package does not build."""

from __future__ import annotations


class NotBuilt(NotImplementedError):
    """The package of a cloud does not build what was asked for; the text says what."""
