"""Something a reviewer should know of a resource: what risk rules and checks return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["critical", "high", "medium", "low", "info"]
"""Worst first."""
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource against one rule."""

    rule: str
    """Id of the rule, kebab-case: what an acceptance names."""

    level: Level
    """How bad."""

    urn: str
    """The resource."""

    reason: str
    """One sentence for people: what is wrong and what may follow. No secret, no value from outside unescaped."""

    fix: str = ""
    """One sentence: what to do about it."""

    path: str = ""
    """Input that it is about, in wire names; empty where it is the whole resource."""

    link: str = ""
    """The benchmark's or vendor's page."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Sorts the worst first, then by rule and resource."""
        return (LEVELS.index(self.level), self.rule, self.urn, self.path)


def at_least(level: Level, threshold: Level) -> bool:
    """Whether a level is as bad as the threshold or worse."""
    return LEVELS.index(level) <= LEVELS.index(threshold)
