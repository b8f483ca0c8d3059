"""A finding: what risk rules and checks report about a resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["critical", "high", "medium", "low", "info"]
"""Worst first."""
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource that violates one rule."""

    rule: str
    """Id of the rule, kebab-case; acceptances name it."""

    level: Level
    """Severity."""

    urn: str
    """The resource."""

    reason: str
    """One sentence for people: what is wrong and its consequence. It contains no secrets and no unescaped values."""

    fix: str = ""
    """One sentence: how to fix it."""

    path: str = ""
    """Input concerned, in wire names; empty for the whole resource."""

    link: str = ""
    """The benchmark's or vendor's page."""

    headline: str = ""
    """Words for the heading of a review, with `{things}` for what it is about. Empty: the reason."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Sort key: the worst first, then by rule and resource."""
        return (LEVELS.index(self.level), self.rule, self.urn, self.path)


def at_least(level: Level, threshold: Level) -> bool:
    """Whether a level is at least as bad as the threshold."""
    return LEVELS.index(level) <= LEVELS.index(threshold)
