"""Accelerators, disks, zones, reservations and keys that EKS refuses."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform import (
    GpuPoolSpec,
    NetworkSpec,
    Reservation,
    ReservationBinding,
    TrainingSpec,
)
from mlplatform.backends.aws.backend import BACKEND
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.spec.training import SystemPoolSpec

from ....planned import Refusals
from ..conftest import spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def pools(*gpu_pools: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=gpu_pools)


def pool(**changes: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "H100:8", "max_nodes": 2, **changes})


def test_accelerators_have_a_nearest_alternative() -> None:
    refused("training.pools[0].accelerator", "A100-80GB:8", training=pools(pool(accelerator="A100-80GB:4")))
    refused("training.pools[0].accelerator", "MI300X", training=pools(pool(accelerator="MI300X:8")))


def test_local_disks_must_exist() -> None:
    refused("training.pools[0].local_nvme", "g5g", training=pools(pool(accelerator="T4G:1", local_nvme=True)))


def test_zone_positions() -> None:
    refused("training.pools[0].zones", "from 1 to 2", training=pools(pool(zones=(3,))))


def test_reservations_are_bound_named_and_in_their_zone() -> None:
    reserved = pool(capacity=Reservation(name="h100", count=2))
    refused("training.pools[0].capacity.name", "it has none", training=pools(reserved))

    def bound(id_: str, zone: str) -> tuple[AwsTarget, ...]:
        return (target(reservations={"h100": ReservationBinding(id=id_, zone=zone)}),)

    where = "targets[aws].reservations.h100"
    refused(
        f"{where}.zone", "us-east-1f", training=pools(reserved), targets=bound("cr-0123456789abcdef0", "us-east-1f")
    )
    refused(f"{where}.id", "cr-", training=pools(reserved), targets=bound("reservation-7", "us-east-1a"))
    elsewhere = pool(capacity=Reservation(name="h100", count=2), zones=(2,))
    here = bound("cr-0123456789abcdef0", "us-east-1a")
    refused("training.pools[0].zones", "us-east-1a", training=pools(elsewhere), targets=here)


def test_labels_and_taints_that_eks_refuses() -> None:
    refused("training.pools[0].labels", "63", training=pools(pool(labels={f"{'a' * 40}.example/{'b' * 30}": "c"})))


def test_a_system_machine_that_aws_does_not_offer() -> None:
    training = TrainingSpec(system_pool=SystemPoolSpec(vcpus=64, memory_gib=512))
    assert set(problems(training=training)) <= {"training.system_pool"}


def test_shared_gpus_need_a_place_for_each_of_their_pods() -> None:
    """A g4dn.xlarge runs 29 pods, and a p5.48xlarge 100: its other addresses are on cards that pods cannot use."""
    many = pool(accelerator="T4:1", sharing={"kind": "time-slicing", "clients": 48})
    refused("training.pools[0].sharing", "at most 17", "29 pods", training=pools(many))
    for fits in (
        pool(accelerator="T4:1", sharing={"kind": "time-slicing", "clients": 17}),
        pool(accelerator="H100:8", sharing={"kind": "mig", "profile": "1g.10gb"}),
    ):
        assert "training.pools[0].sharing" not in problems(training=pools(fits))


def test_the_range_of_pods_holds_the_clients_of_shared_gpus() -> None:
    network = NetworkSpec(pod_cidr=IPv4Network("100.64.0.0/20"))
    plain = pool(accelerator="T4:1", max_nodes=100)
    shared = pool(accelerator="T4:1", max_nodes=100, sharing={"kind": "time-slicing", "clients": 16})
    assert "network.pod_cidr" not in problems(training=pools(plain), network=network)
    refused("network.pod_cidr", "1600 pods", "has room for 1019", training=pools(shared), network=network)


def test_ranges_of_the_api_fit() -> None:
    public = tuple(IPv4Network(f"8.8.{n}.0/24") for n in range(41))
    private = tuple(IPv4Network(f"10.8.{n}.0/24") for n in range(51))
    refused("training.api_cidrs", "41 public", "at most 40", training=TrainingSpec(api_cidrs=public))
    refused("training.api_cidrs", "51 private", "at most 50", training=TrainingSpec(api_cidrs=private))
    assert "training.api_cidrs" not in problems(training=TrainingSpec(api_cidrs=(*public[:40], *private[:50])))
