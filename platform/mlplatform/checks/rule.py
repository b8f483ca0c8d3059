"""What a check is: a rule, the resource types it looks at, and what it holds them to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mlplatform.checks.resource import Resource
from mlplatform.plan.finding import LEVELS, Level

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CheckFault:
    """What is wrong with one resource."""

    reason: str
    """One sentence for people; no value of the plan in it except through `mlplatform.checks.wording`."""

    path: str = ""
    """Wire path it is about; empty where it is the whole resource."""


Test = Callable[[Resource], Iterable[CheckFault]]
"""Gives what is wrong; nothing where the resource complies."""
Applies = Callable[[Resource], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a rule asks of some resource types."""

    types: tuple[str, ...]
    """Type tokens, or patterns with `*`; the package of the token is the cloud."""

    test: Test
    """Gives what is wrong."""

    refs: tuple[str, ...] = ()
    """Controls of benchmarks that ask for the same, for example `AWS FSBP S3.8`."""

    link: str = ""
    """The vendor's page."""

    when: Applies | None = None
    """To which of these resources it applies. Omitted: to all."""

    siblings: bool = False
    """Whether it needs the rest of the plan: settings that live in resources of their own."""


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check.

    Raises:
        ValueError: the id is not kebab-case, the level is unknown, or it looks at nothing.
    """

    id: str
    """Kebab-case; what an acceptance names. It is public: a rename loses acceptances."""

    level: Level
    """How bad a finding is."""

    topic: str
    """What it is about, for lists: `encryption`, `access`, …"""

    title: str
    """What holds where it is kept: `Buckets refuse public access`."""

    why: str
    """What may follow where it is not."""

    fix: str
    """What to do about a finding."""

    entries: tuple[Entry, ...] = field(default=())
    """What it asks, type by type."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"rule id: got '{self.id[:60]}', expected words in lower case joined by hyphens")
        if self.level not in LEVELS:
            raise ValueError(f"rule {self.id}: got level '{self.level}', expected one of {', '.join(LEVELS)}")
        if not self.entries:
            raise ValueError(f"rule {self.id}: expected at least one entry")

    @property
    def packages(self) -> tuple[str, ...]:
        """Provider packages it looks at, sorted."""
        return tuple(sorted({token.partition(":")[0] for entry in self.entries for token in entry.types}))
