"""The forms of what a cloud refuses to delete, and of what a deletion leaves."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.error import CloudError


@dataclass(frozen=True, slots=True)
class InUseRule:
    """A resource that cannot be deleted while others use it."""

    token: str
    """Type of the resource."""

    by: tuple[str, ...]
    """Type tokens of users, or `token#property` where only that property is a use."""

    error: CloudError
    """Answer to the deletion."""


@dataclass(frozen=True, slots=True)
class LeftoverRule:
    """A resource of which something is left after its deletion: itself, its name, or both."""

    token: str
    """Type of the resource."""

    days: int
    """Days for which the name stays in use; 0: for ever."""

    words: str
    """Description of what is left."""

    error: CloudError | None = None
    """Answer to the creation of another one of the name in that time; None where the name is free at once."""

    days_in: str = ""
    """Input with these days, where it has one: with 0 nothing is left. Empty: the days are fixed."""

    recovered: bool = False
    """True if the creation of another one of the name recovers the deleted one."""


@dataclass(frozen=True, slots=True)
class ProtectedRule:
    """A resource that refuses its own deletion until an update lifts that, by the cloud or by its provider."""

    token: str
    """Type of the resource."""

    path: str
    """Input that protects it, in wire names."""

    value: object
    """Its value then."""

    error: CloudError
    """Answer to the deletion."""


def guarded(token: str, error: CloudError) -> ProtectedRule:
    """The rule of a type that guards itself against its deletion."""
    rule = DELETIONS[token]
    return ProtectedRule(token, rule.guard, rule.guarded, error)


def refused_full(token: str, error: CloudError) -> InUseRule:
    """The rule of a type that is not deleted while it holds something."""
    return InUseRule(token, (DELETIONS[token].emptied_by,), error)
