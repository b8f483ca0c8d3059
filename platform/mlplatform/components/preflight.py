"""What the owner of an existing network must provide: the platform makes none of it, and does not work without it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

OWNER = "its owner must provide "
"""Beginning of every note about a requirement."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be there before the first `up`."""

    need: str
    """The thing, and why where that is not plain."""

    check: str
    """A command of the cloud's own tool that shows whether it is there."""

    def __str__(self) -> str:
        return f"{self.need}; check: {self.check}"


def known_text(value: pulumi.Input[str], otherwise: str) -> str:
    """A value for a command; where it is known only during `up`, what stands for it, in capitals."""
    return value if isinstance(value, str) else otherwise
