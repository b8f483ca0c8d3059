"""Pools of nodes without accelerator: what a spec may say of them, and what each cloud refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlplatform import (
    ClusterSpec,
    CpuPoolSpec,
    GpuPoolSpec,
    PlatformSpec,
    PoolOverride,
    TaintSpec,
    TeamSpec,
    TrainingSpec,
    discovery,
)
from mlplatform.catalog.choice import NotOffered
from mlplatform.components.selection import choose_cpu_pool_machine
from mlplatform.plan.demand import quota_demand

from ..cluster.conftest import TARGETS
from ..conftest import CLOUDS
from ..planned import least_platform

GPU = GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=2)


def _platform(cloud: str, *pools: CpuPoolSpec, overrides: dict[str, PoolOverride] | None = None) -> PlatformSpec:
    target = TARGETS[cloud].overlay(pools=overrides or {})
    return least_platform(target, training=TrainingSpec(pools=(GPU,), cpu_pools=pools))


def _refused(cloud: str, *pools: CpuPoolSpec) -> dict[str, str]:
    backend = discovery.backend(cloud)
    return {problem.path: problem.expected for problem in backend.problems(_platform(cloud, *pools).on(cloud))}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "system"}, "the cluster's own pool"),
        ({"name": "a-b"}, "pattern"),
        ({"name": "averylongname"}, "pattern"),
        ({"min_nodes": 3}, "at most max_nodes, 2"),
        ({"zones": (1, 1)}, "each zone once"),
        ({"labels": {"mlplatform.dev/pool": "x"}}, "this platform"),
        ({"taints": ({"key": "cloud.google.com/gke-spot"},)}, "GKE"),
        ({"capacity": {"kind": "reservation", "name": "r", "count": 2}}, "on-demand"),
        ({"vcpus": 65}, "64"),
        ({"accelerator": "T4:1"}, "accelerator"),
    ],
)
def test_what_no_cloud_can_do_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        CpuPoolSpec.model_validate({"name": "prep", "max_nodes": 2, **fields})


def test_a_gpu_pool_has_another_name_than_the_clusters_own() -> None:
    with pytest.raises(ValidationError, match="the cluster's own pool"):
        GpuPoolSpec(name="system", accelerator="T4:1", max_nodes=2)


def test_a_teams_quota_is_of_devices() -> None:
    training = TrainingSpec(pools=(GPU,), cpu_pools=(CpuPoolSpec(name="prep", max_nodes=2),))
    teams = (TeamSpec("fraud", quota={"prep": 1}),)
    with pytest.raises(ValidationError, match=r"(?s)quota.*prep.*every team may run there"):
        least_platform(TARGETS["aws"], training=training, cluster=ClusterSpec(teams=teams))


def test_a_name_is_unique_among_all_pools() -> None:
    for pools in ([{"name": "gpu", "max_nodes": 1}], [{"name": "a", "max_nodes": 1}, {"name": "a", "max_nodes": 2}]):
        with pytest.raises(ValidationError, match="name"):
            TrainingSpec.model_validate({"pools": [GPU], "cpu_pools": pools})


@pytest.mark.parametrize(
    ("pool", "field"), [("prep", {"accelerator": "L4:1"}), ("prep", {"fabric": True}), ("gpu", {"vcpus": 8})]
)
def test_an_override_has_only_fields_of_its_pool(pool: str, field: dict[str, Any]) -> None:
    (name,) = field
    with pytest.raises(ValidationError, match=rf"(?s){pool}.*{name}|{name}"):
        _platform("aws", CpuPoolSpec(name="prep", max_nodes=2), overrides={pool: PoolOverride(**field)})


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_override_leaves_out_or_changes_a_pool(cloud: str) -> None:
    pools = (CpuPoolSpec(name="prep", max_nodes=2), CpuPoolSpec(name="head", max_nodes=1))
    overrides = {"prep": PoolOverride(vcpus=16, max_nodes=9), "head": PoolOverride(enabled=False)}
    training = _platform(cloud, *pools, overrides=overrides).on(cloud).training
    assert training
    (left,) = training.cpu_pools
    assert (left.name, left.vcpus, left.memory_gib, left.max_nodes) == ("prep", 16, 16, 9)
    assert [pool.name for pool in training.all_pools] == ["gpu", "prep"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_cloud_says_what_it_lacks(cloud: str) -> None:
    found = _refused(
        cloud,
        CpuPoolSpec(name="huge", vcpus=64, memory_gib=512, max_nodes=1),
        CpuPoolSpec(name="far", max_nodes=1, zones=(3,)),
    )
    assert "training.cpu_pools[0]" not in found
    assert "positions from 1 to 2" in found["training.cpu_pools[1].zones"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nodes_of_cpu_pools_need_addresses_too(cloud: str) -> None:
    def refused(nodes: int) -> bool:
        network = {"cidr": "10.60.0.0/22", "service_cidr": "172.20.0.0/24"}
        spec = _platform(cloud, CpuPoolSpec(name="many", max_nodes=nodes)).overlay(network=network)
        return any(problem.path == "network.cidr" for problem in discovery.backend(cloud).problems(spec.on(cloud)))

    assert (refused(4), refused(1000)) == (False, True)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_cheapest_machine_that_fits_is_chosen(cloud: str) -> None:
    backend, target = discovery.backend(cloud), TARGETS[cloud]
    for vcpus, memory in ((2, 4), (4, 16), (4, 32), (16, 100), (64, 512)):
        pool = CpuPoolSpec(name="prep", vcpus=vcpus, memory_gib=memory, max_nodes=1)
        machine = choose_cpu_pool_machine(backend, target, pool)
        assert machine.vcpus >= vcpus
        assert machine.memory_gib >= memory
        fits = [
            other.hourly_usd
            for other in backend.catalog.cpu_machines
            if "training" in other.uses
            and other.vcpus >= vcpus
            and other.memory_gib >= memory
            and other.offered.in_region(target.location) != "no"
        ]
        assert machine.hourly_usd == min(price for price in fits if price is not None)
    assert isinstance(backend.catalog.cpu(65, 4, "training", target.location), NotOffered)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("capacity", ["on-demand", "spot"])
def test_cpu_pools_count_against_the_quotas_of_their_capacity(cloud: str, capacity: str) -> None:
    backend = discovery.backend(cloud)
    pool = CpuPoolSpec.model_validate({"name": "prep", "vcpus": 8, "max_nodes": 100, "capacity": capacity})
    before = {each.name: each.amount for each in quota_demand(backend, _platform(cloud).on(cloud))}
    after = {each.name: each.amount for each in quota_demand(backend, _platform(cloud, pool).on(cloud))}
    grown = {name for name, amount in after.items() if amount - before.get(name, 0) >= 800}
    spot = {"aws": "Spot Instance Requests", "gcp": "PREEMPTIBLE_CPUS", "azure": "Spot vCPUs"}[cloud]
    assert any(spot in name for name in grown) == (capacity == "spot")
    assert grown


def test_a_taint_may_be_given() -> None:
    assert CpuPoolSpec(name="head", max_nodes=1, taints=(TaintSpec(key="role"),)).taints[0].effect == "NoSchedule"
