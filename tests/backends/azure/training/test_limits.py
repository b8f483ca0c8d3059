"""What Azure refuses in a cluster and its pools."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Network

from mlplatform import (
    CapacityBlock,
    GpuPoolSpec,
    Reservation,
    ReservationBinding,
    TrainingSpec,
)
from mlplatform.backends.azure.backend import BACKEND
from mlplatform.backends.azure.training.pods import pods_per_node
from mlplatform.catalog.catalog import Choice
from mlplatform.components.selection import try_pool
from mlplatform.spec.training import SystemPoolSpec

from ..conftest import GROUP, refused, target


def pools(*specs: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=specs)


def pool(**changes: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "T4:1", "max_nodes": 2, **changes})


def reserve(zone: str, count: int = 2, **changes: object) -> TrainingSpec:
    return pools(pool(capacity=Reservation(name="held", count=count), **changes))


def bound(zone: str, id_: str = GROUP) -> tuple[object, ...]:
    return (target(reservations={"held": ReservationBinding(id=id_, zone=zone)}),)


def test_machines() -> None:
    refused("training.pools[0].accelerator", "T4", training=pools(pool(accelerator="L4:1")))
    refused("training.pools[0].accelerator", "H100:8", training=pools(pool(accelerator="H100:4")))
    refused("training.system_pool", "vCPUs", training=TrainingSpec(system_pool=SystemPoolSpec(memory_gib=512)))
    few = TrainingSpec(system_pool=SystemPoolSpec(max_nodes=1))
    refused("training.system_pool.max_nodes", "at least 3", training=few, environment="prod")


def test_disks() -> None:
    refused("training.pools[0].disk_type", "Premium", training=pools(pool(disk_type="fast")))
    refused("training.pools[0].disk_gib", "2048", training=pools(pool(disk_gib=4000)))


def test_capacity() -> None:
    nd = reserve("1", accelerator="H100:8")
    refused("training.pools[0].accelerator", "reserv", training=nd, targets=bound("1"))
    block = CapacityBlock(
        name="held", count=2, starts=datetime(2026, 12, 1, tzinfo=UTC), ends=datetime(2026, 12, 3, tzinfo=UTC)
    )
    refused("training.pools[0].capacity", "on-demand", training=pools(pool(capacity=block)), targets=bound("1"))


def test_reservations() -> None:
    refused("training.pools[0].capacity.name", "it has none", training=reserve("1"))
    refused(
        "targets[azure].reservations.held.id",
        "capacityReservationGroups",
        training=reserve("1"),
        targets=bound("1", "cr-0123456789"),
    )
    refused("targets[azure].reservations.held.zone", "1, 2", training=reserve("3"), targets=bound("3"))
    refused("training.pools[0].zones", "use 2", training=reserve("2", zones=(1,)), targets=bound("2"))


def test_zone_positions() -> None:
    refused("training.pools[0].zones", "from 1 to 2", training=pools(pool(zones=(3,))))


def test_shared_gpus_need_a_place_for_each_of_their_pods() -> None:
    refused(
        "training.pools[0].sharing",
        "at most 28",
        "250 pods",
        training=pools(pool(accelerator="H100:8", sharing={"kind": "time-slicing", "clients": 48})),
    )


def test_pods_of_a_node_follow_from_its_shared_gpus() -> None:
    for sharing, pods in ((None, 110), ({"kind": "time-slicing", "clients": 15}, 250)):
        spec = pool(accelerator="H100:8", sharing=sharing)
        choice = try_pool(BACKEND, target(), spec)
        assert isinstance(choice, Choice), str(choice)
        assert pods_per_node(spec, choice.machine) == pods


def test_ranges_of_the_api_fit() -> None:
    public = tuple(IPv4Network(f"8.{n}.0.0/16") for n in range(201))
    refused("training.api_cidrs", "201 public", "at most 200", training=TrainingSpec(api_cidrs=public))
