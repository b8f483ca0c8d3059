"""Machines a cloud offers, with what a plan needs to know of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.fast.record import record

Arch = Literal["amd64", "arm64"]
CapacityKind = Literal["on-demand", "spot", "reservation", "capacity-block"]
Serving = Literal["online", "zero"]
Use = Literal["training", "online", "zero"]
CpuUse = Literal["system", "online", "zero"]
Availability = Literal["yes", "no", "unknown"]
FabricKind = Literal["efa", "tcpx", "tcpxo", "roce", "infiniband"]
QuotaUnit = Literal["vcpus", "gpus", "instances"]


@record()
class Fabric:
    """The fast network that joins machines of one zone for multi-node training."""

    kind: FabricKind
    """Technology, which decides driver, device plugin and network layout."""

    interfaces: int
    """Fast interfaces of one machine."""

    gbps: int
    """Their bandwidth together, Gbit/s."""


@record()
class Offered:
    """Where a machine is offered, as far as the catalogue knows."""

    regions: frozenset[str] | None = None
    """Regions where the vendor lists it; None where no list is known."""

    unknown: tuple[str, ...] = ()
    """Prefixes of regions of which the list says nothing; `""` stands for all others."""

    zones: frozenset[str] = frozenset()
    """Zones where the vendor lists it; says nothing of a region that has no zone here."""

    def in_region(self, region: str) -> Availability:
        """Whether a region has it."""
        if self.regions is None:
            return "unknown"
        if region in self.regions:
            return "yes"
        return "unknown" if any(region.startswith(prefix) for prefix in self.unknown) else "no"

    def zones_in(self, region: str) -> tuple[str, ...]:
        """Its zones in a region, sorted; empty where they are not known."""
        return tuple(sorted(zone for zone in self.zones if zone.rpartition("-")[0] == region))


@record()
class Quota:
    """One limit of an account that a machine counts against."""

    name: str
    """The vendor's name of it."""

    unit: QuotaUnit
    """What is counted: vCPUs or accelerators of the machines, or the machines."""

    code: str | None = None
    """The vendor's code or id of it, to ask for more; None where it has none or it is not known."""

    per_region: bool = True
    """False where one limit covers all regions."""

    headroom_percent: int = 0
    """What the service reserves on top of the machines that run."""


Quotas = tuple[tuple[str, tuple[Quota, ...]], ...]
"""Limits by way of getting or using a machine: a capacity, or a use."""


@record(kw_only=True)
class Machine:
    """What machines with and without accelerators have in common."""

    machine_type: str
    """The cloud's name of it."""

    vcpus: float
    """Virtual CPUs; a fraction only on serverless sizes."""

    memory_gib: float
    """Main memory, GiB."""

    arch: Arch = "amd64"
    """Architecture its images must be built for."""

    offered: Offered = Offered()
    """Where it is offered."""

    serving_name: str | None = None
    """The serving service's name of it, where that differs."""

    quotas: Quotas = ()
    """Limits it counts against; `{type}` in a name stands for the machine's own."""

    hourly_usd: float | None = None
    """On-demand price per hour in the catalogue's price region, USD; None where none is known."""

    note: str = ""
    """What a reader of the plan should know."""

    @property
    def regions(self) -> frozenset[str] | None:
        """Regions where the vendor lists it; None where no list is known."""
        return self.offered.regions

    def quotas_for(self, way: str) -> tuple[Quota, ...]:
        """Limits it counts against when got by a capacity (`"spot"`) or put to a use (`"online"`)."""
        found = next((quotas for key, quotas in self.quotas if key == way), ())
        return tuple(replace(quota, name=quota.name.format(type=self.machine_type)) for quota in found)

    def _serving_type(self, kind: Serving, uses: frozenset[str]) -> str:
        if kind not in uses:
            raise ValueError(f"{self.machine_type} hosts no endpoint of kind '{kind}'")
        return self.serving_name or self.machine_type


@record(kw_only=True)
class GpuMachine(Machine):
    """A machine with accelerators."""

    accelerator: Accelerator
    """What it carries."""

    gpu_memory_gib: int
    """Memory of one device as the cloud states it, GiB."""

    accelerator_type: str | None = None
    """The cloud's own name of the device, where it has to be named besides the machine."""

    local_ssd_gib: int = 0
    """Local disks together, GiB; 0 where it has none."""

    local_ssd_count: int | None = None
    """Number of local disks; None where the catalogue does not say."""

    local_ssd_optional: bool = False
    """True where the local disks are only there when asked for, up to this number."""

    fabric: Fabric | None = None
    """Fast fabric; None where it has none."""

    capacities: frozenset[CapacityKind] = frozenset()
    """Ways of getting it."""

    uses: frozenset[Use] = frozenset()
    """What it can be put to: nodes of a cluster, an always-on endpoint, one that scales to zero."""

    mig: tuple[tuple[str, int], ...] = ()
    """MIG profiles that this cloud lets one set here, with the instances per device."""

    @property
    def serving(self) -> frozenset[Serving]:
        """Kinds of managed endpoint it can host."""
        return frozenset(kind for kind in ("online", "zero") if kind in self.uses)

    def serving_type(self, kind: Serving) -> str:
        """Its name where an endpoint is declared (`ml.g5.xlarge`).

        Raises:
            ValueError: it hosts no endpoint of that kind.
        """
        return self._serving_type(kind, frozenset(self.uses))


@record(kw_only=True)
class CpuMachine(Machine):
    """A machine without accelerator."""

    uses: frozenset[CpuUse] = frozenset()
    """What it can be put to: the cluster's system nodes, an always-on endpoint, one that scales to zero."""

    @property
    def serving(self) -> frozenset[Serving]:
        """Kinds of managed endpoint it can host."""
        return frozenset(kind for kind in ("online", "zero") if kind in self.uses)

    def serving_type(self, kind: Serving) -> str:
        """Its name where an endpoint is declared (`ml.m6i.xlarge`).

        Raises:
            ValueError: it hosts no endpoint of that kind.
        """
        return self._serving_type(kind, frozenset(self.uses))
