"""The forms of the rules; each cloud's rows sit beside this file and name the page they come from."""

from __future__ import annotations

from dataclasses import dataclass

OWN_NAMES = ("arn", "selfLink", "name", "email", "member", "url", "bucket", "keyId", "principalId", "clientId")
"""Outputs by which other resources point at one, beside its id."""


@dataclass(frozen=True, slots=True)
class Error:
    """How a cloud says no. `{id}`, `{name}`, `{kind}` and `{user}` in the message are filled in."""

    code: str
    """The cloud's error code."""

    message: str
    """The cloud's words."""

    source: str
    """Page or thread that shows them."""

    cause: str = ""
    """What usually lies behind it and what to do."""


@dataclass(frozen=True, slots=True)
class InUse:
    """A resource that cannot be deleted while others use it."""

    token: str
    """What is to be deleted."""

    by: tuple[str, ...]
    """Type tokens of users, or `token#property` where only that property is a use."""

    error: Error
    """The answer."""


@dataclass(frozen=True, slots=True)
class Stays:
    """A resource whose deletion leaves something: it, its name, or both."""

    token: str
    """What is deleted."""

    days: int
    """How long the name stays taken; 0: for ever."""

    words: str
    """What stays, for people."""

    error: Error | None = None
    """The answer to a second one of the name in that time; None where the name is free at once."""

    revived: bool = False
    """A second one of the name is the first one again, recovered."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A property that the cloud refuses to change in place and that the provider does not replace for."""

    token: str
    """Type token."""

    path: str
    """Property in wire names, `properties.x`; lists are not descended into."""

    error: Error
    """The answer."""


@dataclass(frozen=True, slots=True)
class Single:
    """A thing of which there is one in its place, whatever it is called."""

    token: str
    """Type token."""

    properties: tuple[str, ...]
    """Inputs which two of them cannot share, `tag.key` within others."""

    error: Error
    """The answer to a second one."""


@dataclass(frozen=True, slots=True)
class Settles:
    """An identity that is usable only some time after it was made."""

    token: str
    """The identity's type."""

    seconds: int
    """How long it takes at least, as a rule."""

    users: tuple[str, ...]
    """Types whose creation fails before that; empty: every type that mentions it."""

    retried: bool
    """Whether the real provider tries again by itself until it works."""

    error: Error
    """The answer before that."""


@dataclass(frozen=True, slots=True)
class Takes:
    """How long a change takes; what has no row takes `CloudRules.seconds`."""

    token: str
    """Type token."""

    create: int
    """Seconds until a new one is ready."""

    delete: int
    """Seconds until it is gone."""

    source: str
    """Where the figure is from."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A count that an autoscaler changes."""

    token: str
    """Type token."""

    path: str
    """Where, in wire names, `scaling.size`; `pools.*.size` for one of each in a list."""

    most: str
    """Where its upper bound stands."""

    source: str
    """Page that tells of it."""

    only_if: str = ""
    """Input that must be set for there to be an autoscaler; empty: there always is one."""


@dataclass(frozen=True, slots=True)
class CloudRules:
    """One cloud's tables."""

    exists: Error = Error("AlreadyExists", "{kind} {name} already exists", "")
    """The answer to a second resource of a name."""

    missing: Error = Error("NotFound", "{kind} {id} does not exist", "")
    """The answer to what points at a resource which is gone."""

    throttled: Error = Error("Throttling", "Rate exceeded", "")
    """The answer to too many calls."""

    puts: frozenset[str] = frozenset()
    """Types whose creation is a PUT, an attachment or an enabling: where it is there already, it is taken over."""

    singles: tuple[Single, ...] = ()
    """What there is one of in its place."""

    in_use: tuple[InUse, ...] = ()
    """What cannot be deleted while it is used."""

    stays: tuple[Stays, ...] = ()
    """What deletion leaves."""

    frozen: tuple[Frozen, ...] = ()
    """What cannot be changed in place."""

    settles: tuple[Settles, ...] = ()
    """What is usable only after a while."""

    takes: tuple[Takes, ...] = ()
    """What takes minutes."""

    seconds: int = 2
    """What everything else takes."""

    holds: tuple[InUse, ...] = ()
    """What cannot be deleted while somebody keeps things in it, such as objects in a bucket; `by` has the properties
    that, when true, delete the things too."""

    inside: tuple[str, ...] = ()
    """Types that end with the resource whose id theirs begins with."""

    owned: tuple[Owned, ...] = ()
    """What autoscalers change."""
