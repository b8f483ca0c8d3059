"""The tables of one cloud. The forms of their rows are beside this file, and rows name the page they come from."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.mock_cloud.rules.creation import SingletonRule
from mlplatform.mock_cloud.rules.deletion import InUseRule, LeftoverRule, ProtectedRule
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.reading import ReadBackRule
from mlplatform.mock_cloud.rules.timing import DurationRule, EffectRule, PropagationRule
from mlplatform.mock_cloud.rules.update import (
    AutoscaledCount,
    BoundsRule,
    ControlPlaneRule,
    GrowingRule,
    ImmutableRule,
    PoolVersionRule,
    RecyclingRule,
)

_EXISTS = CloudError("AlreadyExists", "{kind} {name} already exists", "")
_MISSING = CloudError("NotFound", "{kind} {id} does not exist", "")
_DENIED = CloudError("AccessDenied", "not authorized to perform {user}", "")
_THROTTLED = CloudError("Throttling", "Rate exceeded", "")


@dataclass(frozen=True, slots=True)
class CloudRules:
    """The tables of one cloud."""

    exists: CloudError = _EXISTS
    """Answer to a second resource of a name."""

    missing: CloudError = _MISSING
    """Answer to a reference to a deleted resource."""

    denied: CloudError = _DENIED
    """Answer to a call for which whoever runs `up` lacks a right; `{user}` is the right."""

    throttled: CloudError = _THROTTLED
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

    bounds: tuple[BoundsRule, ...] = ()
    """Counts that must be within their bounds."""

    control_planes: tuple[ControlPlaneRule, ...] = ()
    """Kubernetes versions of clusters."""

    pool_versions: tuple[PoolVersionRule, ...] = ()
    """Kubernetes versions of pools."""

    recycling: tuple[RecyclingRule, ...] = ()
    """Updates that replace machines in use."""

    read_back: tuple[ReadBackRule, ...] = ()
    """Properties that a read takes over as a whole."""
