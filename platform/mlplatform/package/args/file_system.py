"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import Any, NotRequired, TypedDict


class SharedFileSystemSpec(TypedDict):
    """A Lustre file system in one zone, which every namespace of jobs mounts by the claim `shared`.

    FSx for Lustre, Managed Lustre, or Azure Managed Lustre. It has one copy of each file and no backups: what
    must outlive it belongs into the artifact store. It knows no identities: jobs of every team see all of it.
    [The cluster's page](cluster.md#a-shared-file-system) has its sizes on each cloud.
    """

    capacity_gib: int
    """Least capacity, GiB. The next step of the cloud is taken, and the plan says which; it depends on `throughput`.

    It can be raised in place on AWS and GCP, and lowered nowhere. A change on Azure makes another file system.
    """

    throughput: NotRequired[Any]
    """MB/s for each TiB of capacity: 125, 250, 500 or 1000. Omitted: 500.

    AWS raises it in place; elsewhere another value makes another file system.
    """

    zone: NotRequired[int]
    """Its zone, as a position in the network's zones, as `zones` of pools.

    Reads from another zone are slower, and some clouds charge for them. Omitted: the zone of the first pool with
    accelerators that has just one, else the first zone.
    """

    cidr: NotRequired[str]
    """Private range for it on GCP (at least /23) and Azure (at least /24), beside those of the network; AWS needs
    none.

    Omitted: a part of `network.cidr` that nothing else uses. Another range makes another file system.
    """
