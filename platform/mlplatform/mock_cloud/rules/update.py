"""The forms of what a cloud refuses to change, changes by itself, or replaces for a change."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.mock_cloud.rules.error import CloudError


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
class AutoscaledCount:
    """A count that an autoscaler changes."""

    token: str
    """Type of the resource."""

    path: str
    """The count in wire names, `scaling.size`; `pools.*.size` for one of each in a list."""

    maximum: str
    """The property with its upper bound; empty where the program sets none."""

    source: str
    """Page about it."""

    only_if: str = ""
    """Input that must be set for there to be an autoscaler; empty: there always is one."""


@dataclass(frozen=True, slots=True)
class BoundsRule:
    """Bounds of a count that must hold the count, which an autoscaler owns and an update sends as it is."""

    token: str
    """Type of the resource."""

    least: str
    """The lower bound in wire names, `scaling.least`."""

    count: str
    """The count."""

    most: str
    """The upper bound."""

    too_few: CloudError
    """Answer to a count below its bounds; `{id}` is the bound, `{user}` the count."""

    too_many: CloudError
    """Answer to a count above its bounds."""


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
