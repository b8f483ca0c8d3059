"""What a cloud says about the nodes of its cluster: contracts of `backends/<cloud>/cluster/`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from mlplatform.catalog.accelerator import Vendor
from mlplatform.catalog.catalog import Choice, CpuMachine
from mlplatform.catalog.machine import Fabric, GpuMachine
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Taint
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec

Hardware: TypeAlias = Vendor | Literal["cpu"]
"""Maker of a pool's devices, or `cpu` for nodes without any."""


@record(kw_only=True)
class DeviceClaim:
    """Devices that a pod gets by a claim, and not by a number."""

    device_class: str
    """Their class."""

    count: int
    """How many."""


@record(kw_only=True)
class PoolNodes:
    """The nodes of a pool, as pods see them."""

    pool: GpuPoolSpec
    """The pool."""

    choice: Choice
    """Its machine."""

    labels: Mapping[str, str]
    """Labels that the pool's template sets; the autoscaler knows them before there is a node."""

    taints: tuple[Taint, ...]
    """Taints of every node."""

    devices: int
    """Devices that a node offers to pods, whole or shared: `nvidia.com/gpu: N`."""

    given: Mapping[str, str] | None = None
    """Labels that the cloud sets on the nodes by itself. None: none that are used here."""

    claim: DeviceClaim | None = None
    """Interfaces of the fabric of a whole node, where pods get them by a claim."""

    on_schedule: bool = False
    """Whether nodes come and go by a schedule: none is started for a pod, and after the last one none comes."""

    provisioning: str | None = None
    """Class of the requests by which the queue gets all nodes of a job at once. None: nodes come with pods."""

    @property
    def machine(self) -> GpuMachine:
        """The machine of its nodes."""
        return self.choice.machine

    @property
    def hardware(self) -> Hardware:
        """Maker of its devices."""
        return self.machine.accelerator.model.vendor

    @property
    def compute(self) -> tuple[int, int] | None:
        """Compute capability of NVIDIA's devices; None for other makers'."""
        return self.machine.accelerator.model.compute

    @property
    def resource(self) -> str:
        """Name of its devices: `nvidia.com/gpu`."""
        return self.machine.accelerator.model.resource

    @property
    def fabric(self) -> Fabric | None:
        """The fast network that joins its nodes, if the pool asks for it."""
        return self.choice.machine.fabric if self.pool.fabric else None

    @property
    def most_devices(self) -> int:
        """Devices of all of its nodes together."""
        return self.devices * self.pool.max_nodes


@record(kw_only=True)
class CpuPoolNodes:
    """The nodes of a CPU pool, as pods see them."""

    pool: CpuPoolSpec
    """The pool."""

    machine: CpuMachine
    """Its machine."""

    labels: Mapping[str, str]
    """Labels that the pool's template sets."""

    taints: tuple[Taint, ...]
    """Taints of every node."""

    given: Mapping[str, str] | None = None
    """Labels that the cloud sets on the nodes by itself. None: none that are used here."""

    @property
    def hardware(self) -> Hardware:
        """It has no devices."""
        return "cpu"

    @property
    def compute(self) -> None:
        """It has no devices."""

    @property
    def claim(self) -> None:
        """It has no fabric."""

    @property
    def fabric(self) -> None:
        """It has no fabric."""


AnyNodes: TypeAlias = PoolNodes | CpuPoolNodes
"""The nodes of a pool of any kind."""


@record(kw_only=True)
class LayerContext:
    """What every part of the layer is made from."""

    spec: PlatformSpec
    """The platform, narrowed to the target."""

    pools: tuple[PoolNodes, ...]
    """Its GPU pools, by name."""

    cpu_pools: tuple[CpuPoolNodes, ...] = ()
    """Its CPU pools, by name; the system pool is not one of them."""

    @property
    def all_pools(self) -> tuple[AnyNodes, ...]:
        """Every pool that pods can choose, with labels and taints: those with GPUs first."""
        return (*self.pools, *self.cpu_pools)


@contract("cluster.pools")
class DescribesPool(Protocol):
    """Says what the nodes of a pool are."""

    def __call__(self, spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice, /) -> PoolNodes: ...


@contract("cluster.cpu_pools")
class DescribesCpuPool(Protocol):
    """Says what the nodes of a CPU pool are."""

    def __call__(self, spec: PlatformSpec, pool: CpuPoolSpec, machine: CpuMachine, /) -> CpuPoolNodes: ...


@contract("cluster.queue_metrics")
class CollectsQueueMetrics(Protocol):
    """Gives what brings the queue's metrics into the cloud's managed Prometheus."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@contract("cluster.recorded")
class RecordsMetrics(Protocol):
    """Gives the rules by which metrics of the cluster are recorded, where the cloud has them inside the cluster.

    What is recorded stands in `components/recorded_metrics.py`.
    """

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@contract("cluster.devices")
class InstallsDevices(Protocol):
    """Gives what this cloud does not bring itself: plugins of devices, the autoscaler."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...
