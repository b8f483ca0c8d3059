"""The parts of a check: the rule, its entries by resource type, and their tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mlplatform.checks.resource import Resource
from mlplatform.plan.finding import LEVELS, Level

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CheckFault:
    """One fault of a resource."""

    reason: str
    """One sentence for people; values of the plan only through `mlplatform.checks.wording`."""

    path: str = ""
    """Wire path concerned; empty for the whole resource."""


Test = Callable[[Resource], Iterable[CheckFault]]
"""Returns the faults; none where the resource complies."""
Applies = Callable[[Resource], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """The requirement of a rule for some resource types."""

    types: tuple[str, ...]
    """Type tokens, or patterns with `*`; the package of the token is the cloud."""

    test: Test
    """Returns the faults of a resource."""

    refs: tuple[str, ...] = ()
    """Controls of benchmarks with the same requirement, for example `AWS FSBP S3.8`."""

    link: str = ""
    """The vendor's page."""

    pages: Mapping[str, str] = field(default_factory=dict[str, str])
    """The vendors' pages by Pulumi package, where the requirement is of several clouds."""

    when: Applies | None = None
    """Condition for the resources that it applies to. Omitted: all."""

    siblings: bool = False
    """Whether it needs the whole plan, for settings that are separate resources."""

    @property
    def links(self) -> tuple[str, ...]:
        """Every page, each once."""
        return tuple(dict.fromkeys(link for link in (self.link, *self.pages.values()) if link))

    def page(self, packages: Iterable[str]) -> str:
        """The page for a resource; empty where no page is about it.

        Args:
            packages: the package of the resource, then those of its plan.
        """
        return next((self.pages[package] for package in packages if package in self.pages), self.link)


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check.

    Raises:
        ValueError: the id is not kebab-case, the level is unknown, or there is no entry.
    """

    id: str
    """Kebab-case; acceptances name it. It is public: a rename loses acceptances."""

    level: Level
    """Level of its findings."""

    topic: str
    """Topic for lists: `encryption`, `access`, …"""

    title: str
    """The rule's text, true where nothing is found: `Buckets block public access`."""

    why: str
    """Consequence of a violation."""

    fix: str
    """The fix of a finding."""

    entries: tuple[Entry, ...] = field(default=())
    """Requirements by resource type."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"rule id: got '{self.id[:60]}', expected words in lower case joined by hyphens")
        if self.level not in LEVELS:
            raise ValueError(f"rule {self.id}: got level '{self.level}', expected one of {', '.join(LEVELS)}")
        if not self.entries:
            raise ValueError(f"rule {self.id}: expected at least one entry")

    @property
    def packages(self) -> tuple[str, ...]:
        """Provider packages of its types, sorted."""
        return tuple(sorted({token.partition(":")[0] for entry in self.entries for token in entry.types}))
