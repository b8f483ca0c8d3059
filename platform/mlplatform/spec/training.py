"""Training: a Kubernetes cluster with a CPU system pool and any number of GPU node pools."""

from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import EVERY, FieldProblem, refuses, repeated
from mlplatform.snippet import Snippet
from mlplatform.spec.accelerators import Accelerators
from mlplatform.spec.base import Name, SpecModel, default
from mlplatform.spec.capacity import Capacity, CapacityBlock, Reservation
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.gpu_sharing import Sharing
from mlplatform.spec.nodes import (
    MOST_LABELS,
    MOST_TAINTS,
    Label,
    LabelKey,
    PoolName,
    TaintSpec,
    above_most,
    system_name,
)
from mlplatform.spec.owned_names import owned_keys

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""RFC 1918 and RFC 6598; `is_private` of the standard library also has the ranges of documentation."""


HOLD_DAYS = 180
"""Longest hold of minor and node upgrades on GKE in days,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions"""


MOST_RUN_HOURS = 168
"""Longest life of a machine of flex-start: seven days,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/dws (2026-04)"""

MOST_POOLS = 64
"""Pools with accelerators: the flavors of one kind of device in a queue of Kueue,
https://github.com/kubernetes-sigs/kueue/tree/v0.19.2/config/components/crd/bases"""


class GpuPoolSpec(SpecModel):
    """A pool of GPU nodes that scales from zero. The accelerator decides image, driver, labels and taints."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    name: PoolName
    """Unique among all pools; at most 12 lower-case letters and digits, which every cloud accepts."""

    accelerator: Accelerators
    """Accelerators of each node, for example `"H100:8"` or `["L4:1", "T4:1"]`."""

    min_nodes: int = Field(default=0, ge=0)
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int = Field(ge=1, le=1000)
    """Maximum of nodes over all zones."""

    capacity: Capacity = "on-demand"
    """On demand, spot, flex-start, a reservation or a capacity block.

    Flex-start, of GCP alone, waits for machines that are then kept for `max_run_hours`, at a discount. With the layer
    in the cluster, a job waits in the queue until all of its machines are there.
    """

    max_run_hours: int | None = Field(default=None, ge=1, le=MOST_RUN_HOURS)
    """Hours after which the cloud ends a machine of flex-start; shorter times are found sooner. Omitted: 168."""

    disk_gib: int = Field(default=200, ge=100, le=16000)
    """Boot disk of each node, GiB."""

    disk_type: Literal["balanced", "fast"] = "balanced"
    """General-purpose SSD, or the cloud's provisioned-performance SSD."""

    local_nvme: bool = False
    """Use the machine's local NVMe disks as the nodes' ephemeral storage."""

    labels: dict[LabelKey, Label] = Field(default_factory=dict, max_length=MOST_LABELS)
    """Kubernetes labels, besides those the platform sets.

    Keys below `mlplatform.dev`, and those of Kubernetes and the clouds, are refused.
    """

    taints: tuple[TaintSpec, ...] = Field(default=(), max_length=MOST_TAINTS)
    """Kubernetes taints, besides the GPU taint; the same keys are refused as for labels."""

    zones: tuple[Annotated[int, Field(ge=1, le=3)], ...] = ()
    """Positions in the target's zones, from 1. Omitted: one zone for fabric and reservations, else all."""

    fabric: bool = False
    """Multi-node training over the cloud's fast fabric (EFA, GPUDirect, InfiniBand), in one zone."""

    sharing: Sharing | None = None
    """Share each GPU by time slicing or MIG. Omitted: a pod gets whole GPUs."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from system_name(self.name)
        if self.min_nodes > self.max_nodes:
            yield above_most(self.min_nodes, self.max_nodes)
        reserved = self.capacity if isinstance(self.capacity, Reservation | CapacityBlock) else None
        if reserved and reserved.count < self.max_nodes:
            yield FieldProblem(
                ("max_nodes",),
                f"at most {reserved.count}, the machines of the {reserved.kind} '{reserved.name}'",
                "lower max_nodes or reserve more",
                fields=(("capacity",),),
            )
        if self.capacity == "flex-start" and self.min_nodes:
            yield FieldProblem(
                ("min_nodes",),
                "0: machines of flex-start come when a job asks for them, and end after max_run_hours",
                "set min_nodes to 0, or use capacity on-demand or a reservation",
                fields=(("capacity",),),
            )
        if self.capacity != "flex-start" and self.max_run_hours is not None:
            yield FieldProblem(
                ("max_run_hours",),
                "none: only machines of capacity flex-start end after a time",
                "remove max_run_hours, or set capacity to flex-start",
                fields=(("capacity",),),
            )
        if isinstance(reserved, CapacityBlock) and self.min_nodes:
            yield FieldProblem(
                ("min_nodes",),
                "0: a capacity block has no nodes before its window",
                "set min_nodes to 0",
                fields=(("capacity", "kind"),),
            )
        if self.fabric and self.sharing:
            yield FieldProblem(
                ("sharing",),
                "none with fabric, which gives whole machines to one job",
                "remove sharing, or set fabric to false",
                fields=(("fabric",),),
            )
        zones = sorted(set(self.zones))
        if len(zones) != len(self.zones):
            yield FieldProblem(("zones",), "each zone once", "write", write=Snippet(zones))
        if self.fabric and len(zones) > 1:
            yield FieldProblem(
                ("zones",),
                "one zone: fabric needs all machines in one zone",
                "keep one zone, or leave zones out",
                fields=(("fabric",),),
            )
        elif reserved and len(zones) > 1:
            yield FieldProblem(
                ("zones",),
                f"one zone: a {reserved.kind} is in one zone",
                "name that zone, or leave zones out",
                fields=(("capacity", "kind"),),
            )
        yield from owned_keys({("labels", key): key for key in self.labels})
        yield from owned_keys({("taints", index, "key"): taint.key for index, taint in enumerate(self.taints)})

    @property
    def run_hours(self) -> int | None:
        """Hours after which the cloud ends a machine. None: it does not."""
        return (self.max_run_hours or MOST_RUN_HOURS) if self.capacity == "flex-start" else None


class SystemPoolSpec(SpecModel):
    """The CPU nodes that run the cluster's own services."""

    min_nodes: int | None = Field(default=None, ge=1, le=100)
    """Minimum of nodes. Omitted: 3 in prod, 2 elsewhere."""

    max_nodes: int = Field(default=6, ge=1, le=100)
    """Maximum of nodes over all zones."""

    vcpus: int = Field(default=4, ge=2, le=64)
    """Minimum vCPUs of a node."""

    memory_gib: int = Field(default=16, ge=4, le=512)
    """Minimum memory of a node, GiB."""

    disk_gib: int = Field(default=100, ge=50, le=4000)
    """Boot disk of each node, GiB."""

    @model_validator(mode="after")
    @refuses
    def _bounds(self) -> Iterator[FieldProblem]:
        if self.min_nodes is not None and self.min_nodes > self.max_nodes:
            yield above_most(self.min_nodes, self.max_nodes)


class UpgradeHold(SpecModel):
    """A time in which no node is replaced by an automatic upgrade, and no minor version is raised automatically.

    Patches of the control plane, which interrupt no job, and urgent security fixes may still come.
    """

    name: Name
    """Unique in the spec, for example `llm-pretraining`."""

    starts: date
    """First day, UTC."""

    ends: date
    """Last day, UTC; less than 180 days after the first, and before the end of the version's support."""

    @model_validator(mode="after")
    @refuses
    def _order(self) -> Iterator[FieldProblem]:
        if self.ends < self.starts:
            yield FieldProblem(
                ("ends",),
                f"a day not before starts, {self.starts}",
                "exchange the two",
                got=str(self.ends),
                fields=(("starts",),),
            )
        elif (self.ends - self.starts).days >= HOLD_DAYS:
            yield FieldProblem(
                ("ends",),
                f"a day less than {HOLD_DAYS} days after starts, {self.starts}: GKE holds upgrades no longer",
                "divide it, with days between for upgrades",
                got=str(self.ends),
                fields=(("starts",),),
            )


class TrainingSpec(SpecModel):
    """The Kubernetes cluster for training, and its node pools."""

    kubernetes_version: str = Field(default="1.35", pattern=r"^1\.[0-9]{2}$")
    """Minor version; raised one minor at a time, never lowered. Versions whose support has ended are refused."""

    support: Literal["standard", "extended"] = "standard"
    """How long a version is kept: until the end of standard support, or about a year more, which costs more.

    Extended support is that of EKS, GKE's Extended channel, and AKS' long-term support in the Premium tier.
    """

    holds: tuple[UpgradeHold, ...] = ()
    """Times without automatic upgrades, for example of a long training. Omitted: upgrades come in the weekly window."""

    api_cidrs: tuple[IPv4Network, ...] = ()
    """Ranges that may reach the cluster's API. Public ranges get it a public address; private ones, for example of a
    VPN, reach its private address. Omitted: the API is private, and `access.entry` is the way to it."""

    system_pool: SystemPoolSpec = default(SystemPoolSpec)
    """The CPU pool that always runs."""

    pools: tuple[GpuPoolSpec, ...] = Field(default=(), max_length=MOST_POOLS)
    """GPU node pools."""

    cpu_pools: tuple[CpuPoolSpec, ...] = ()
    """Pools of nodes without accelerator, besides the system pool. Omitted: none."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("pools", [pool.name for pool in self.pools], of="pool")
        yield from self._cpu_pool_names()
        yield from repeated("holds", [hold.name for hold in self.holds], of="hold")
        for index, cidr in enumerate(self.api_cidrs):
            if cidr.prefixlen == 0:
                yield FieldProblem(
                    ("api_cidrs", index),
                    "your own ranges: this one opens the cluster's API to the whole internet",
                    "name the ranges of your networks, or leave api_cidrs out for a private API",
                    got=f"'{cidr}'",
                )

    def _cpu_pool_names(self) -> Iterator[FieldProblem]:
        """Names of CPU pools that another pool has: the name is the nodes' label, and the key of overrides."""
        yield from repeated("cpu_pools", [pool.name for pool in self.cpu_pools], of="pool")
        taken = {pool.name for pool in self.pools}
        for index, pool in enumerate(self.cpu_pools):
            if pool.name in taken:
                yield FieldProblem(
                    ("cpu_pools", index, "name"),
                    "a name that no GPU pool has",
                    f"use for example {pool.name[:9]}cpu",
                    got=f"'{pool.name}'",
                    fields=(("pools", EVERY, "name"),),
                )

    @property
    def all_pools(self) -> tuple[GpuPoolSpec | CpuPoolSpec, ...]:
        """GPU pools, then CPU pools; the system pool is not one of them."""
        return (*self.pools, *self.cpu_pools)

    @property
    def public_api_cidrs(self) -> tuple[str, ...]:
        """Public ranges of `api_cidrs`."""
        return tuple(str(cidr) for cidr in self.api_cidrs if not _is_private(cidr))

    @property
    def private_api_cidrs(self) -> tuple[str, ...]:
        """Private ranges of `api_cidrs`."""
        return tuple(str(cidr) for cidr in self.api_cidrs if _is_private(cidr))


def _is_private(cidr: IPv4Network) -> bool:
    return any(cidr.subnet_of(block) for block in _PRIVATE)
