"""A risk rule: it examines a whole change and reports what a reviewer must not miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.plan.finding import Level

if TYPE_CHECKING:
    from mlplatform.risk.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a rule reports."""

    level: Level
    """Severity in this case."""

    urn: str
    """The resource."""

    reason: str
    """One sentence for people; values of the plan only through `mlplatform.checks.wording`."""

    path: str = ""
    """Input concerned, in wire names; empty for the whole resource."""

    check: str = ""
    """Id of the check it comes from: an acceptance of the check counts here too."""

    fix: str = ""
    """Fix for this one. Omitted: the rule's."""

    link: str = ""
    """Page about this one. Omitted: the rule's."""

    headline: str = ""
    """Words for the heading of a review, as the rule's. Omitted: the rule's."""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """One kind of danger."""

    id: str
    """Kebab-case; acceptances name it. It is public: a rename loses acceptances."""

    topic: str
    """One of `data loss`, `downtime`, `access`, `exposure`, `encryption`, `monitoring`, `software`, `cost`, `quota` and
    `names`; `checks` for what checks say."""

    title: str
    """The rule's text, true where nothing is reported: `Names do not change`."""

    fix: str
    """Fix for people."""

    examine: Callable[[Evidence], Iterable[Hit]]
    """Returns what it reports; nothing where the change is harmless or does not concern it."""

    link: str = ""
    """Page about this danger."""

    headline: str = ""
    """Words for the heading of a review: `protection comes off {things}`. `{things}` becomes what the findings are
    about, `25 data stores` or the name of a single one, `{count}` the number of findings; of `[goes|go]` the first
    is for one, the second for several. Omitted: the reason of the findings."""

    covers: frozenset[str] = frozenset()
    """Ids of checks that report the same: they are not repeated for a resource that this rule reports."""
