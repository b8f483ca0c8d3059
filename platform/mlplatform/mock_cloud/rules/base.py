"""The forms of the rules; each cloud's rows are beside this file and name the page they come from."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.catalog.deletion import DELETIONS

LINKED_OUTPUTS = (
    "arn",
    "selfLink",
    "name",
    "email",
    "member",
    "url",
    "bucket",
    "keyId",
    "principalId",
    "clientId",
)
"""Outputs by which other resources refer to one, beside its id."""


@dataclass(frozen=True, slots=True)
class CloudError:
    """An error of a cloud. `{id}`, `{name}`, `{kind}`, `{words}` and `{user}` in the message are filled in."""

    code: str
    """The cloud's error code."""

    message: str
    """The cloud's words."""

    source: str
    """Page or thread with this error."""

    cause: str = ""
    """Usual cause and what to do."""


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

    recovered: bool = False
    """True if the creation of another one of the name recovers the deleted one."""


@dataclass(frozen=True, slots=True)
class ImmutableRule:
    """A property that the cloud does not change in place, and for which the provider does not replace the resource."""

    token: str
    """Type of the resource."""

    path: str
    """Property in wire names, `properties.x`; not inside lists."""

    error: CloudError
    """Answer to the change."""


@dataclass(frozen=True, slots=True)
class GrowingRule:
    """A list in a document of a resource, to which the cloud adds in place, and of which it takes nothing away."""

    token: str
    """Type of the resource."""

    document: str
    """Property with the JSON text."""

    list: str
    """Property of the document, with entries that are objects."""

    name: str
    """Property of an entry that names it."""

    error: CloudError
    """Answer to an entry that is gone, or another; `{user}` has the names."""


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


@dataclass(frozen=True, slots=True)
class SingletonRule:
    """A resource that may exist once in its place, whatever its name."""

    token: str
    """Type of the resource."""

    properties: tuple[str, ...]
    """Inputs that make up the place; `tag.key` within others."""

    error: CloudError
    """Answer to a second one."""


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


@dataclass(frozen=True, slots=True)
class AutoscaledCount:
    """A count that an autoscaler changes."""

    token: str
    """Type of the resource."""

    path: str
    """The count in wire names, `scaling.size`; `pools.*.size` for one of each in a list."""

    maximum: str
    """The property with its upper bound."""

    source: str
    """Page about it."""

    only_if: str = ""
    """Input that must be set for there to be an autoscaler; empty: there always is one."""


@dataclass(frozen=True, slots=True)
class RecyclingRule:
    """An update in place for which the cloud replaces machines that are in use."""

    token: str
    """Type of the resource."""

    paths: tuple[str, ...]
    """Inputs in wire names, `config.size`; with everything in them."""

    words: str
    """What is replaced, for people."""

    source: str
    """Page about it."""

    quiet: tuple[str, ...] = ()
    """Inputs within `paths` that replace nothing."""


@dataclass(frozen=True, slots=True)
class ControlPlaneRule:
    """A control plane's Kubernetes version: raised by one minor version at a time, never lowered."""

    token: str
    """Type of the cluster."""

    path: str
    """Input with the version."""

    skipped: CloudError
    """Answer to a change that skips a minor version; `{id}` is the present version, `{user}` the new one."""

    lowered: CloudError | None
    """Answer to an earlier version; None where the provider keeps the present one without asking the cloud."""

    channel: str = ""
    """Input that lets the service upgrade by itself; with one, it refuses to upgrade the control plane alone."""

    with_pools: CloudError | None = None
    """Answer to an upgrade of the control plane alone while such a channel is set and there are other pools."""


@dataclass(frozen=True, slots=True)
class PoolVersionRule:
    """A pool's Kubernetes version: never above the control plane's, and never lowered."""

    token: str
    """Type of the pool."""

    path: str
    """Input with the version."""

    cluster: str
    """Input with the cluster's name."""

    of: str
    """Type of the cluster."""

    error: CloudError
    """Answer to a version above the control plane's, or an earlier one than the pool has."""


@dataclass(frozen=True, slots=True)
class CloudRules:
    """The tables of one cloud."""

    exists: CloudError = CloudError("AlreadyExists", "{kind} {name} already exists", "")
    """Answer to a second resource of a name."""

    missing: CloudError = CloudError("NotFound", "{kind} {id} does not exist", "")
    """Answer to a reference to a deleted resource."""

    denied: CloudError = CloudError("AccessDenied", "not authorized to perform {user}", "")
    """Answer to a call for which whoever runs `up` lacks a right; `{user}` is the right."""

    throttled: CloudError = CloudError("Throttling", "Rate exceeded", "")
    """Answer to too many calls."""

    upserts: frozenset[str] = frozenset()
    """Types whose creation is a PUT, an attachment or an enabling, so that it takes over an existing resource."""

    singletons: tuple[SingletonRule, ...] = ()
    """Resources that exist once in their place."""

    in_use: tuple[InUseRule, ...] = ()
    """Resources that cannot be deleted while others use them."""

    leftovers: tuple[LeftoverRule, ...] = ()
    """Resources of which something is left after deletion."""

    immutable: tuple[ImmutableRule, ...] = ()
    """Properties that cannot be changed in place."""

    growing: tuple[GrowingRule, ...] = ()
    """Lists that only grow."""

    protected: tuple[ProtectedRule, ...] = ()
    """Resources that refuse their deletion until an update lifts that."""

    propagation: tuple[PropagationRule, ...] = ()
    """Identities that are usable only after some time."""

    effects: tuple[EffectRule, ...] = ()
    """Rights that must be in effect before they are used."""

    durations: tuple[DurationRule, ...] = ()
    """Changes that take minutes."""

    seconds: int = 2
    """Duration of all other changes."""

    non_empty: tuple[InUseRule, ...] = ()
    """Resources that cannot be deleted with contents, such as objects in a bucket. `by` has the properties that, if
    true, delete the contents too."""

    containers: tuple[str, ...] = ()
    """Types of resources that are deleted together with every resource whose id begins with theirs."""

    autoscaled: tuple[AutoscaledCount, ...] = ()
    """Counts that autoscalers change."""

    control_planes: tuple[ControlPlaneRule, ...] = ()
    """Kubernetes versions of clusters."""

    pool_versions: tuple[PoolVersionRule, ...] = ()
    """Kubernetes versions of pools."""

    recycling: tuple[RecyclingRule, ...] = ()
    """Updates that replace machines in use."""
