"""Clusters and pools that GCP refuses."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from mlplatform import GpuPoolSpec, NetworkSpec, Reservation, ReservationBinding, SystemPoolSpec, TrainingSpec
from mlplatform.backends.gcp.backend import BACKEND
from mlplatform.backends.gcp.network.pods import addresses_of_node, pods_per_node
from mlplatform.catalog.catalog import Choice
from mlplatform.components.selection import try_pool

from ..conftest import problems, refused, target


def pool(**changes: object) -> TrainingSpec:
    made = GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "H100:8", "max_nodes": 2, **changes})
    return TrainingSpec(pools=(made,))


@pytest.mark.parametrize(
    ("accelerator", "near"), [("A10G:1", "L4"), ("L40S:1", "RTX-PRO-6000"), ("H100:3", "H100:8"), ("H200:8", "H100")]
)
def test_accelerators_that_gcp_lacks_or_does_not_sell_so(accelerator: str, near: str) -> None:
    refused("training.pools[0].accelerator", near, training=pool(accelerator=accelerator))


def test_pool_zones_are_positions_of_zones_that_have_the_machine() -> None:
    refused("training.pools[0].zones", "positions from 1 to 2", training=pool(zones=(3,)))
    refused(
        "training.pools[0].zones",
        "us-central1-b",
        "a2-ultragpu-8g",
        training=pool(accelerator="A100-80GB:8", zones=(2,)),
    )
    refused("training.pools[0].min_nodes", "equally many", training=pool(zones=(1, 2), min_nodes=1, max_nodes=1))


def test_a_reservation_must_be_bound_well_named_and_within_reach() -> None:
    reserved = pool(capacity=Reservation(name="mine", count=2))
    refused("training.pools[0].capacity.name", "add there", training=reserved)

    def bound(**changes: str) -> object:
        binding = {"id": "mine", "zone": "us-central1-a", **changes}
        return (target(reservations={"mine": ReservationBinding.model_validate(binding)}),)

    refused(
        "targets[gcp].reservations.mine.zone", "us-central1-f", training=reserved, targets=bound(zone="us-central1-f")
    )
    refused("targets[gcp].reservations.mine.id", "cr_1", training=reserved, targets=bound(id="cr_1"))
    elsewhere = pool(capacity=Reservation(name="mine", count=2), zones=(2,))
    refused("training.pools[0].zones", "us-central1-a", training=elsewhere, targets=bound())


def test_machines_without_local_disks() -> None:
    assert "training.pools[0].local_nvme" not in problems(training=pool(accelerator="T4:1", local_nvme=True))


def test_roce_needs_a_gke_that_sets_it_up() -> None:
    pools = pool(accelerator="H200:8", capacity="spot", fabric=True).pools
    old = TrainingSpec(kubernetes_version="1.33", support="extended", pools=pools)
    refused("training.kubernetes_version", "1.34", training=old)
    assert problems(training=TrainingSpec(pools=pools)) == {}


def test_gpudirect_wants_all_networks_in_one_project() -> None:
    network = {"network": "n", "subnet": "s", "pods_range": "p", "services_range": "v", "project": "acme-host"}
    refused("training.pools[0].fabric", "acme-host", training=pool(fabric=True), targets=(target(network=network),))


def test_a_rack_of_gb200_is_one_pool_without_more_fabric() -> None:
    rack = {"capacity": Reservation(name="rack", count=40), "accelerator": "GB200:4"}
    bound = (target(reservations={"rack": ReservationBinding(id="rack", zone="us-central1-a")}),)
    refused("training.pools[0].max_nodes", "18", training=pool(max_nodes=19, **rack), targets=bound)
    refused("training.pools[0].fabric", "B200:8", training=pool(fabric=True, **rack), targets=bound)


def test_a_system_pool_that_no_machine_has() -> None:
    system = SystemPoolSpec(vcpus=64, memory_gib=512)
    refused("training.system_pool", "largest", training=TrainingSpec(system_pool=system))


def shared(accelerator: str, **sharing: object) -> TrainingSpec:
    return pool(accelerator=accelerator, sharing=sharing)


def test_shared_gpus_need_a_place_for_each_of_their_pods() -> None:
    many = shared("L4:8", kind="time-slicing", clients=48)
    refused("training.pools[0].sharing", "at most 29", "256 pods", training=many)
    for fits in (shared("L4:8", kind="time-slicing", clients=29), shared("H100:8", kind="mig", profile="1g.10gb")):
        assert "training.pools[0].sharing" not in problems(training=fits)


@pytest.mark.parametrize(
    ("accelerator", "sharing", "pods", "addresses"),
    [
        ("T4:1", None, 32, 64),
        ("H100:8", None, 32, 64),
        ("T4:1", {"kind": "time-slicing", "clients": 48}, 110, 256),
        ("H100:8", {"kind": "mig", "profile": "1g.10gb"}, 110, 256),
        ("H100:8", {"kind": "mig", "profile": "3g.40gb"}, 64, 128),
        ("L4:8", {"kind": "time-slicing", "clients": 29}, 256, 512),
    ],
)
def test_pods_of_a_node_follow_from_its_shared_gpus(
    accelerator: str, sharing: dict[str, object] | None, pods: int, addresses: int
) -> None:
    spec = pool(accelerator=accelerator, sharing=sharing).pools[0]
    choice = try_pool(BACKEND, target(), spec)
    assert isinstance(choice, Choice), str(choice)
    assert pods_per_node(spec, choice.machine) == pods
    assert addresses_of_node(pods) == addresses


def test_the_range_of_pods_holds_what_shared_gpus_take() -> None:
    """256 addresses a node instead of 64: a range that held the pool no longer does."""
    network = NetworkSpec(pod_cidr=IPv4Network("100.64.0.0/19"))
    plain, sliced = pool(accelerator="T4:1", max_nodes=60), shared("T4:1", kind="time-slicing", clients=48)
    sliced = sliced.model_copy(update={"pools": (sliced.pools[0].model_copy(update={"max_nodes": 60}),)})
    assert "network.pod_cidr" not in problems(training=plain, network=network)
    assert "network.pod_cidr" in problems(training=sliced, network=network)
