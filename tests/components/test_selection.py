"""Machines without accelerators, and what a pool has reserved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mlplatform import (
    CapacityBlock,
    EndpointSpec,
    GpuPoolSpec,
    Reservation,
    ReservationBinding,
    SystemPoolSpec,
    discovery,
)
from mlplatform.components.selection import (
    NotChosen,
    bound_reservation,
    choose_cpu,
    choose_endpoint,
    choose_replica_machine,
    choose_system_machine,
)

from ..conftest import CLOUDS
from .parts import TARGETS


@pytest.mark.parametrize("cloud", CLOUDS)
def test_system_nodes_and_replicas_get_the_smallest_machine_that_fits(cloud: str) -> None:
    backend, target = discovery.backend(cloud), TARGETS[cloud]
    system = choose_system_machine(backend, target, SystemPoolSpec())
    assert system.vcpus >= SystemPoolSpec().vcpus
    endpoint = EndpointSpec(name="a", replicas=(0, 2))
    assert choose_replica_machine(backend, target, endpoint, None) == choose_cpu(backend, target, 2, 8, "zero")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_gpu_replica_gets_the_chosen_machine(cloud: str) -> None:
    backend, target = discovery.backend(cloud), TARGETS[cloud]
    endpoint = EndpointSpec(name="a", accelerator=("L4:1", "T4:1", "A100-80GB:1"), replicas=(1, 2))
    choice = choose_endpoint(backend, target, endpoint)
    assert choice
    assert choose_replica_machine(backend, target, endpoint, choice) is choice.machine


def test_no_machine_is_large_enough() -> None:
    with pytest.raises(NotChosen):
        choose_cpu(discovery.backend("aws"), TARGETS["aws"], 10_000, 8, "online")


@pytest.mark.parametrize(
    "capacity",
    [
        Reservation(name="big", count=1),
        CapacityBlock(
            name="big", count=1, starts=datetime(2026, 1, 1, tzinfo=UTC), ends=datetime(2026, 1, 2, tzinfo=UTC)
        ),
    ],
)
def test_the_reservation_of_a_pool(capacity: Reservation | CapacityBlock) -> None:
    binding = ReservationBinding(id="cr-0123456789abcdef0", zone="us-east-1a")
    target = TARGETS["aws"].overlay(reservations={"big": binding})
    pool = GpuPoolSpec(name="t", accelerator="H100:8", max_nodes=1, capacity=capacity)
    assert bound_reservation(target, pool) == binding
    free = GpuPoolSpec(name="t", accelerator="H100:8", max_nodes=1)
    assert bound_reservation(target, free) is None
