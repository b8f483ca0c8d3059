"""A shared high-throughput file system that the platform makes."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Literal, get_args

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel

FileSystemThroughput = Literal[125, 250, 500, 1000]
"""MB/s for each TiB."""

THROUGHPUTS: tuple[FileSystemThroughput, ...] = get_args(FileSystemThroughput)

_RANGES = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""Private ranges; Google takes no other for its own services,
https://docs.cloud.google.com/vpc/docs/configure-private-services-access"""


class SharedFileSystemSpec(SpecModel):
    """A Lustre file system in one zone, which every namespace of jobs mounts by the claim `shared`.

    FSx for Lustre, Managed Lustre, or Azure Managed Lustre. It has one copy of each file and no backups: what must
    outlive it belongs into the artifact store. It knows no identities: jobs of every team see all of it.
    [The cluster's page](cluster.md#a-shared-file-system) has its sizes on each cloud.
    """

    capacity_gib: int = Field(ge=1200, le=12_240_000)
    """Least capacity, GiB. The next step of the cloud is taken, and the plan says which; it depends on `throughput`.

    It can be raised in place on AWS and GCP, and lowered nowhere. A change on Azure makes another file system.
    """

    throughput: FileSystemThroughput = 500
    """MB/s for each TiB of capacity: 125, 250, 500 or 1000. Omitted: 500.

    AWS raises it in place; elsewhere another value makes another file system.
    """

    zone: int | None = Field(default=None, ge=1, le=3)
    """Its zone, as a position in the network's zones, as `zones` of pools.

    Reads from another zone are slower, and some clouds charge for them. Omitted: the zone of the first pool with
    accelerators that has just one, else the first zone.
    """

    cidr: IPv4Network | None = None
    """Private range for it on GCP (at least /23) and Azure (at least /24), beside those of the network; AWS needs none.

    Omitted: a part of `network.cidr` that nothing else uses. Another range makes another file system.
    """

    @model_validator(mode="after")
    @refuses
    def _private(self) -> Iterator[FieldProblem]:
        if self.cidr is None:
            return
        if not any(self.cidr.subnet_of(block) for block in _RANGES):
            yield FieldProblem(("cidr",), "a private range", "choose one from RFC 1918", got=f"'{self.cidr}'")
        elif not 16 <= self.cidr.prefixlen <= 24:
            yield FieldProblem(
                ("cidr",), "a prefix from /16 to /24", "choose a range of that size", got=f"'{self.cidr}'"
            )
