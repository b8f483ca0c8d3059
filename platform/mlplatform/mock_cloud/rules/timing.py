"""The forms of how long changes take, and of what is in effect only some time after its creation."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.mock_cloud.rules.error import CloudError


@dataclass(frozen=True, slots=True)
class PropagationRule:
    """An identity that is usable only some time after its creation."""

    token: str
    """Type of the identity."""

    seconds: int
    """Usual minimum of that time."""

    users: tuple[str, ...]
    """Types whose creation fails before that; empty: every type that refers to it."""

    retried: bool
    """True if the real provider retries until it works."""

    error: CloudError
    """Answer before that."""


@dataclass(frozen=True, slots=True)
class EffectRule:
    """A right that must exist and be in effect before something can be created, and whose provider does not retry."""

    grant: str
    """Type of the resource that grants it."""

    role: tuple[str, str]
    """Input that names the right, and a pattern of its whole value."""

    users: tuple[str, ...]
    """Types that need it; one that ends in `/` or `:` is the beginning of several."""

    error: CloudError
    """Answer before that."""

    on: str = ""
    """Input of the grant with whatever it is about: only users that refer to it need the grant. Empty: all users."""

    to: str = ""
    """Input of the grant with its principal: only users that refer to that identity need the grant. Empty: all."""

    agents: tuple[str, tuple[tuple[str, str], ...]] | None = None
    """Input of the grant with its principal, and by type of user a pattern of the whole principal of its service: a
    user needs the grants to its own service alone. None: every principal's."""


@dataclass(frozen=True, slots=True)
class DurationRule:
    """The duration of changes; types without a row take `CloudRules.seconds`."""

    token: str
    """Type of the resource."""

    create: int
    """Seconds until a new one is ready."""

    delete: int
    """Seconds until it is deleted."""

    source: str
    """Page with these figures."""
