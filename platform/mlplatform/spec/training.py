"""Training: a Kubernetes cluster with a CPU system pool and any number of GPU node pools."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self, cast

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine_names import accelerator_of_machine
from mlplatform.spec.base import Name, SpecModel, default


def _as_tuple(value: object) -> object:
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value)
        written = [f'"{name}:{1 if count is None else count}"' for name, count in pairs.items()]
        shown = "{" + ", ".join(f"{name}: {count}" for name, count in pairs.items()) + "}"
        meant = ", ".join(written) or 'for example "L4:1"'
        raise ValueError(f"got {shown}, expected text or a list of texts; write {meant}")
    if isinstance(value, int):
        raise ValueError(
            f'got {value}, expected the name of an accelerator before the count; write for example "L4:{value}"'
        )
    return (value,) if isinstance(value, str | Accelerator) else value


def _parse(value: object) -> object:
    if isinstance(value, Mapping):
        return _as_tuple(cast("Mapping[object, object]", value))
    if not isinstance(value, str):
        return value
    try:
        return str(Accelerator.parse(value))
    except ValueError:
        name = value.partition(":")[0]
        catalogs = (discovery.backend(cloud).catalog_path for cloud in discovery.clouds())
        meant = accelerator_of_machine(name, catalogs)
        if meant is None:
            raise
        raise ValueError(
            f"got machine type '{name}', expected an accelerator; write \"{meant}\": the platform finds the machine"
        ) from None


AcceleratorName = Annotated[str, BeforeValidator(_parse)]
"""`"H100:8"`, `"L4"` (one), `"A100-80GB:4"`: a GPU model and its count per machine."""

if TYPE_CHECKING:
    Accelerators = Sequence[str]
else:
    Accelerators = Annotated[
        tuple[AcceleratorName, ...],
        Field(min_length=1),
        BeforeValidator(_as_tuple, json_schema_input_type=str | Annotated[list[str], Field(min_length=1)]),
    ]
"""One accelerator, or an ordered list of acceptable ones: the first that cloud and region offer is used."""

Label = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
    ),
]


HOLD_DAYS = 180
"""Longest hold of minor and node upgrades on GKE in days,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions"""


class TaintSpec(SpecModel):
    """A Kubernetes taint on every node of a pool."""

    key: LabelKey
    """Key of the taint, optionally with a DNS prefix."""

    value: Label = ""
    """Value of the taint; may be empty."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"
    """Effect on pods without a matching toleration."""


class Reservation(SpecModel):
    """Capacity that is already reserved; each target binds the name to its own reservation id and zone."""

    kind: Literal["reservation"] = "reservation"
    """Kind of capacity: a reservation."""

    name: Name
    """A key of the target's `reservations`."""

    count: int = Field(ge=1)
    """Machines in the reservation; the pool's max_nodes must fit."""


class CapacityBlock(SpecModel):
    """Capacity for a fixed window, bought in advance; bound by its id, never bought by `up`."""

    kind: Literal["capacity-block"] = "capacity-block"
    """Kind of capacity: a capacity block."""

    name: Name
    """A key of the target's `reservations`."""

    count: int = Field(ge=1)
    """Machines in the block; the pool's max_nodes must fit."""

    starts: datetime
    """Start of the window, with time zone."""

    ends: datetime
    """End of the window, with time zone; nodes are drained before it."""

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("starts and ends need a time zone: write for example 2026-12-01T11:30:00Z")
        if self.ends <= self.starts:
            raise ValueError(
                f"ends {self.ends.isoformat()} must be after starts {self.starts.isoformat()}; move one of them"
            )
        return self


Capacity = Literal["on-demand", "spot"] | Annotated[Reservation | CapacityBlock, Field(discriminator="kind")]


class TimeSlicing(SpecModel):
    """Several pods take turns on one GPU, without memory isolation."""

    kind: Literal["time-slicing"] = "time-slicing"
    """Kind of sharing: time slicing."""

    clients: int = Field(ge=2, le=48)
    """Pods that share one GPU."""


class Mig(SpecModel):
    """Each GPU is split into isolated instances of one profile."""

    kind: Literal["mig"] = "mig"
    """Kind of sharing: MIG."""

    profile: str = Field(pattern=r"^[1-7]g\.[0-9]+gb$")
    """NVIDIA's profile name, for example `3g.40gb`; the accelerator must offer it."""


Sharing = Annotated[TimeSlicing | Mig, Field(discriminator="kind")]


class GpuPoolSpec(SpecModel):
    """A pool of GPU nodes that scales from zero. The accelerator decides image, driver, labels and taints."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,11}$")]
    """Unique in the cluster; at most 12 lower-case letters and digits, which every cloud accepts."""

    accelerator: Accelerators
    """Accelerators of each node, for example `"H100:8"` or `["L4:1", "T4:1"]`."""

    min_nodes: int = Field(default=0, ge=0)
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int = Field(ge=1, le=1000)
    """Maximum of nodes over all zones."""

    capacity: Capacity = "on-demand"
    """On demand, spot, a reservation or a capacity block."""

    disk_gib: int = Field(default=200, ge=100, le=16000)
    """Boot disk of each node, GiB."""

    disk_type: Literal["balanced", "fast"] = "balanced"
    """General-purpose SSD, or the cloud's provisioned-performance SSD."""

    local_nvme: bool = False
    """Use the machine's local NVMe disks as the nodes' ephemeral storage."""

    labels: dict[LabelKey, Label] = Field(default_factory=dict)
    """Kubernetes labels, besides those the platform sets."""

    taints: tuple[TaintSpec, ...] = ()
    """Kubernetes taints, besides the GPU taint."""

    zones: tuple[Annotated[int, Field(ge=1, le=3)], ...] = ()
    """Positions in the target's zones, from 1. Omitted: one zone for fabric and reservations, else all."""

    fabric: bool = False
    """Multi-node training over the cloud's fast fabric (EFA, GPUDirect, InfiniBand), in one zone."""

    sharing: Sharing | None = None
    """Share each GPU by time slicing or MIG. Omitted: a pod gets whole GPUs."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_nodes > self.max_nodes:
            raise ValueError(
                f"min_nodes {self.min_nodes} must not be above max_nodes {self.max_nodes}: "
                "lower min_nodes or raise max_nodes"
            )
        if self.fabric and len(self.zones) > 1:
            raise ValueError(f"fabric needs all machines in one zone, but zones has {len(self.zones)}: keep one zone")
        if self.fabric and self.sharing:
            raise ValueError("fabric gives whole machines to one job and excludes sharing: remove one of the two")
        if isinstance(self.capacity, Reservation | CapacityBlock):
            if self.capacity.count < self.max_nodes:
                raise ValueError(
                    f"max_nodes {self.max_nodes} must fit the {self.capacity.kind} '{self.capacity.name}' "
                    f"of {self.capacity.count}: lower max_nodes or reserve more"
                )
            if len(self.zones) > 1:
                raise ValueError("a reservation is in one zone: name that zone, or none")
        if isinstance(self.capacity, CapacityBlock) and self.min_nodes:
            raise ValueError("a capacity block has no nodes before its window: set min_nodes to 0")
        if len(set(self.zones)) != len(self.zones):
            raise ValueError(f"zones {self.zones} must contain each zone once: remove the duplicate")
        return self


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
    def _bounds(self) -> Self:
        if self.min_nodes is not None and self.min_nodes > self.max_nodes:
            raise ValueError(
                f"min_nodes {self.min_nodes} must not be above max_nodes {self.max_nodes}: "
                "lower min_nodes or raise max_nodes"
            )
        return self


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
    def _order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError(f"ends {self.ends} must not be before starts {self.starts}; exchange them")
        if (self.ends - self.starts).days >= HOLD_DAYS:
            raise ValueError(
                f"ends {self.ends} must be less than {HOLD_DAYS} days after starts {self.starts}: GKE holds upgrades "
                "no longer; divide it, with days between for upgrades"
            )
        return self


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
    """Public ranges that may reach the cluster's API. Omitted: the API is private."""

    system_pool: SystemPoolSpec = default(SystemPoolSpec)
    """The CPU pool that always runs."""

    pools: tuple[GpuPoolSpec, ...] = ()
    """GPU node pools."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [pool.name for pool in self.pools]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"pools: names must be unique, got {', '.join(twice)} twice; give each its own")
        held = [hold.name for hold in self.holds]
        if len(set(held)) != len(held):
            raise ValueError(f"holds: names must be unique, got {', '.join(held)}; give each its own")
        for cidr in self.api_cidrs:
            if cidr.prefixlen == 0:
                raise ValueError("api_cidrs must not open the API to the internet by 0.0.0.0/0: name your own ranges")
        return self
