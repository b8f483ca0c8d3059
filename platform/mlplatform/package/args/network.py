"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class NetworkSpec(TypedDict):
    """The platform's network. To use an existing one, set the target's `network`."""

    cidr: NotRequired[str]
    """Address range of nodes, endpoints and private endpoints; /16 to /24, as far as the pools fit."""

    pod_cidr: NotRequired[str]
    """Address range of the cluster's pods; /16 to /20, must not overlap the others."""

    service_cidr: NotRequired[str]
    """Virtual address range of the cluster's services; /16 to /24, must not overlap the others."""

    zones: NotRequired[int]
    """Number of zones. Omitted: 3 in staging and prod, 2 in dev."""

    nat: NotRequired[str]
    """Egress to the internet: one gateway per zone, a single one, or none (private endpoints only).

    Omitted: per-zone in prod, single elsewhere.

    One of per-zone, single, none.
    """

    private_endpoints: NotRequired[bool]
    """Reach the cloud's own services without leaving its network."""

    flow_logs: NotRequired[bool]
    """Keep network flow logs for `monitoring.log_retention_days`."""
