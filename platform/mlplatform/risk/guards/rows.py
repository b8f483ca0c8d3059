"""Rows of the tables: a setting that guards something, and a resource that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.risk.guards.directions import Direction


@dataclass(frozen=True, slots=True)
class Setting:
    """An input, and what it means that it becomes weaker."""

    types: str
    """Type token without API version, or a pattern: `*:MetricAlarm`, `aws:*`. Several are separated by spaces."""

    path: str
    """The end of the input's path in wire names, without positions: `networkAcls.defaultAction`. It begins with `/`
    where it is the whole path. Capital letters do not count, and `properties` is left out; `*` stands for one name.
    Several are separated by spaces."""

    weaker: Direction
    """The dangerous direction."""

    level: Level
    """Severity."""

    reason: str
    """One sentence without its period: the consequence."""

    fix: str = ""
    """Fix. Omitted: the rule's."""

    source: str = ""
    """The vendor's page. Omitted: the rule's."""

    on_create: bool = False
    """Whether a new resource with the weak value counts too."""

    where: Callable[[Step], bool] | None = None
    """Whether it is about a resource. Omitted: about all of the types."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A resource, and what it means that it is deleted while what it guards stays."""

    types: str
    """As in `Setting`."""

    level: Level
    """Severity."""

    reason: str
    """One sentence without its period: the consequence."""

    fix: str = ""
    """Fix. Omitted: the rule's."""

    source: str = ""
    """The vendor's page. Omitted: the rule's."""

    where: Callable[[Step], bool] | None = None
    """Whether it is about a resource. Omitted: about all of the types."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A resource that opens or blinds something by being created."""

    types: str
    """As in `Setting`."""

    level: Level
    """Severity."""

    reason: str
    """One sentence without its period: the consequence."""

    fix: str = ""
    """Fix. Omitted: the rule's."""

    source: str = ""
    """The vendor's page. Omitted: the rule's."""

    where: Callable[[Step], bool] | None = None
    """Whether it is about a resource. Omitted: about all of the types."""


Row = Setting | Guard | Opening
