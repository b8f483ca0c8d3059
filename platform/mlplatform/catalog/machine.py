"""Machines that a cloud offers, with the facts that a plan needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.fast.record import record

Arch = Literal["amd64", "arm64"]
CapacityKind = Literal["on-demand", "spot", "flex-start", "reservation", "capacity-block"]
Serving = Literal["online", "zero"]
Use = Literal["training", "online", "zero"]
CpuUse = Literal["system", "training", "online", "zero"]
Availability = Literal["yes", "no", "unknown"]
FabricKind = Literal["efa", "tcpx", "tcpxo", "roce", "infiniband"]
QuotaUnit = Literal["vcpus", "gpus", "instances", "disks", "disk-gib", "disk-tib", "local-gib", "resources"]


@record()
class Fabric:
    """The fast network that joins machines of one zone for multi-node training."""

    kind: FabricKind
    """Technology, which decides driver, device plugin and network layout."""

    interfaces: int
    """Fast interfaces of one machine."""

    gbps: int
    """Their total bandwidth, Gbit/s."""


@record()
class Offered:
    """Regions and zones that offer a machine or a service, as far as the catalogue knows."""

    regions: frozenset[str] | None = None
    """Regions where the vendor lists it; None if no list is known."""

    zones: frozenset[str] = frozenset()
    """Zones where the vendor lists it; unknown for a region without a zone here."""

    lacking: frozenset[str] = frozenset()
    """Regions that the vendor names as those without it; where there are any, all others have it."""

    source: str = ""
    """The vendor's page or other document with the list; empty if no list is known."""

    as_of: date | None = None
    """Day on which the list was read. None: that of the catalogue."""

    def in_region(self, region: str) -> Availability:
        """Availability in a region; "unknown" only where no list is known."""
        if self.lacking:
            return "no" if region in self.lacking else "yes"
        if self.regions is None:
            return "unknown"
        return "yes" if region in self.regions else "no"

    def zones_in(self, region: str) -> tuple[str, ...]:
        """Its zones in a region, sorted; empty if they are not known."""
        return tuple(sorted(zone for zone in self.zones if zone.rpartition("-")[0] == region))


@record()
class Service:
    """A service or feature of a cloud that only some of its regions have."""

    name: str
    """The catalogue's name for it, for example `grafana`."""

    title: str
    """Name for readers, for example `Amazon Managed Grafana`."""

    offered: Offered
    """Regions that have it."""


@record()
class Quota:
    """One quota of an account that a machine counts against."""

    name: str
    """The vendor's name for the quota."""

    unit: QuotaUnit
    """The counted unit: vCPUs or accelerators of the machines, or the machines; their disks, the size of those or of
    local disks; or resources of one type."""

    code: str | None = None
    """The vendor's code or id, to request an increase; None if there is none or it is not known."""

    per_region: bool = True
    """False if one quota covers all regions."""

    headroom_percent: int = 0
    """Percentage that the service reserves on top of the running machines."""


Quotas = tuple[tuple[str, tuple[Quota, ...]], ...]
"""Quotas by kind of capacity or use."""


@record(kw_only=True)
class Machine:
    """Fields of machines with and without accelerators."""

    machine_type: str
    """The cloud's name for the machine type."""

    vcpus: float
    """Virtual CPUs; a fraction only on serverless sizes."""

    memory_gib: float
    """Main memory, GiB."""

    arch: Arch = "amd64"
    """CPU architecture of its images."""

    offered: Offered = Offered()
    """Regions and zones that offer it."""

    served: Offered | None = None
    """Regions in which the serving service hosts it, where that is a list of its own; None: `offered` counts."""

    serving_name: str | None = None
    """The serving service's name for it, if that differs."""

    quotas: Quotas = ()
    """Quotas it counts against; in a name, `{type}` means the machine's own type and `{family}` its family."""

    hourly_usd: float | None = None
    """On-demand price per hour in the catalogue's price region, USD; None if not known."""

    note: str = ""
    """A note for readers of the plan."""

    @property
    def regions(self) -> frozenset[str] | None:
        """Regions where the vendor lists it; None if no list is known."""
        return self.offered.regions

    def offered_for(self, use: Use | CpuUse) -> Offered:
        """Regions and zones that offer it for a use."""
        return self.served if self.served and use in ("online", "zero") else self.offered

    def offer_name(self, use: Use | CpuUse) -> str:
        """The name under which a target can say that its region has it: `p5.4xlarge`, `ml.p5.4xlarge`."""
        return (
            self.serving_name or self.machine_type if self.served and use in ("online", "zero") else self.machine_type
        )

    def quotas_for(self, way: str) -> tuple[Quota, ...]:
        """Quotas it counts against for a kind of capacity (`"spot"`) or a use (`"online"`).

        Machines of flex-start count as spot ones do,
        https://docs.cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest (2026-04).
        """
        way = "spot" if way == "flex-start" else way
        quotas = next((quotas for key, quotas in self.quotas if key == way), ())
        return tuple(
            replace(
                quota,
                name=quota.name.format(type=self.machine_type, family=self.machine_type.partition("-")[0].upper()),
            )
            for quota in quotas
        )

    def _serving_type(self, kind: Serving, uses: frozenset[str]) -> str:
        if kind not in uses:
            raise ValueError(f"{self.machine_type} hosts no endpoint of kind '{kind}'")
        return self.serving_name or self.machine_type


@record(kw_only=True)
class GpuMachine(Machine):
    """A machine with accelerators."""

    accelerator: Accelerator
    """Its accelerators."""

    gpu_memory_gib: int
    """Memory of one device as the cloud states it, GiB."""

    accelerator_type: str | None = None
    """The cloud's name for the device, if it must be given beside the machine type."""

    local_ssd_gib: int = 0
    """Total local disk, GiB; 0 if it has none."""

    local_ssd_count: int | None = None
    """Number of local disks; None if not known."""

    local_ssd_optional: bool = False
    """True if local disks must be requested, up to this number."""

    fabric: Fabric | None = None
    """Fast fabric; None if it has none."""

    capacities: frozenset[CapacityKind] = frozenset()
    """Kinds of capacity in which it is sold."""

    uses: frozenset[Use] = frozenset()
    """Its uses: nodes of a cluster, an always-on endpoint, an endpoint that scales to zero."""

    mig: tuple[tuple[str, int], ...] = ()
    """MIG profiles that this cloud supports here, with the instances per device."""

    @property
    def serving(self) -> frozenset[Serving]:
        """Kinds of managed endpoint it can host."""
        return frozenset(kind for kind in ("online", "zero") if kind in self.uses)

    def serving_type(self, kind: Serving) -> str:
        """Its name in the declaration of an endpoint (`ml.g5.xlarge`).

        Raises:
            ValueError: it hosts no endpoint of that kind.
        """
        return self._serving_type(kind, frozenset(self.uses))


@record(kw_only=True)
class CpuMachine(Machine):
    """A machine without accelerator."""

    uses: frozenset[CpuUse] = frozenset()
    """Its uses: the cluster's system nodes, nodes of a pool, an always-on endpoint, an endpoint that scales to zero."""

    @property
    def serving(self) -> frozenset[Serving]:
        """Kinds of managed endpoint it can host."""
        return frozenset(kind for kind in ("online", "zero") if kind in self.uses)

    def serving_type(self, kind: Serving) -> str:
        """Its name in the declaration of an endpoint (`ml.m6i.xlarge`).

        Raises:
            ValueError: it hosts no endpoint of that kind.
        """
        return self._serving_type(kind, frozenset(self.uses))
