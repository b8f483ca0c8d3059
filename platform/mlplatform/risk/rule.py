"""What a risk rule is: it looks at a whole change and tells what a reviewer must not miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.plan.finding import Level

if TYPE_CHECKING:
    from mlplatform.risk.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a rule found."""

    level: Level
    """How bad it is here."""

    urn: str
    """The resource."""

    reason: str
    """One sentence for people; values of the plan only through `mlplatform.checks.wording`."""

    path: str = ""
    """Input it is about, in wire names; empty where it is the whole resource."""

    check: str = ""
    """Id of the check it comes from: what is accepted for the check is accepted here too."""

    fix: str = ""
    """What to do about this one. Omitted: what the rule says."""

    link: str = ""
    """A page about this one. Omitted: the rule's."""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """One kind of danger."""

    id: str
    """Kebab-case; what an acceptance names. It is public: a rename loses acceptances."""

    topic: str
    """What it is about: `data loss`, `downtime`, `access`, `exposure`, `encryption`, `cost`, `quota`, `names`."""

    title: str
    """What it looks for."""

    fix: str
    """What to do about it."""

    examine: Callable[[Evidence], Iterable[Hit]]
    """Gives what it found; nothing where the change is harmless or none of its business."""

    link: str = ""
    """A page about it."""

    covers: frozenset[str] = frozenset()
    """Ids of checks that say the same of a resource: where this rule found something, they are not repeated."""
