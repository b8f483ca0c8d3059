"""GPU node pools."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import GpuPoolSpec, TrainingSpec
from mlplatform.plan.model import Step

from ....planned import Planned
from ..conftest import GROUP, target


def _pool(plan: Planned, name: str) -> Step:
    return plan.one(f"pool-{name}-pool")


def test_pools_scale_from_zero_and_keep_others_away(prod: Planned) -> None:
    assert len(prod.all("AgentPool")) == 5
    for step in prod.all("AgentPool"):
        assert (step.inputs["minCount"], step.inputs["count"]) == (0, 0)
        assert step.inputs["enableAutoScaling"] is True
        assert step.ignore_changes == ("count",)
        assert "nvidia.com/gpu=present:NoSchedule" in step.inputs["nodeTaints"]
        assert step.inputs["enableEncryptionAtHost"] is True
        assert not step.protect


def test_spot(prod: Planned) -> None:
    inputs = _pool(prod, "finetune").inputs
    assert (inputs["scaleSetPriority"], inputs["scaleSetEvictionPolicy"]) == ("Spot", "Delete")
    assert inputs["spotMaxPrice"] == -1
    # AKS sets both anyway: undeclared, they would show as drift
    assert inputs["nodeLabels"]["kubernetes.azure.com/scalesetpriority"] == "spot"
    assert "kubernetes.azure.com/scalesetpriority=spot:NoSchedule" in inputs["nodeTaints"]
    assert "upgradeSettings" not in inputs
    assert inputs["kubeletDiskType"] == "Temporary"


def test_fabric_is_one_zone_with_the_same_driver_as_every_pool(prod: Planned) -> None:
    inputs = _pool(prod, "pretrain").inputs
    assert inputs["vmSize"] == "Standard_ND96isr_H100_v5"
    assert inputs["availabilityZones"] == ["1"]
    # AKS's driver and NVIDIA's operator exclude each other in one cluster
    drivers = {step.inputs["gpuProfile"]["driver"] for step in prod.all("AgentPool") if "gpuProfile" in step.inputs}  # type: ignore[index]
    assert drivers == {"Install"}
    assert "nvidia-peermem" in prod.notes()
    assert inputs["upgradeSettings"]["maxSurge"] == "0"


def test_a_pool_that_names_no_zones_is_bound_to_none(prod: Planned) -> None:
    # which zones have a GPU machine differs by subscription
    assert "availabilityZones" not in _pool(prod, "vision").inputs
    assert "not bound to zones" in prod.notes()


def test_a_pool_follows_the_zones_that_the_target_names(planned: Callable[..., Planned]) -> None:
    pool = GpuPoolSpec(name="a", accelerator="T4:1", max_nodes=2)
    plan = planned(training=TrainingSpec(pools=(pool,)), targets=(target(zones=("2", "3")),), environment="prod")
    assert _pool(plan, "a").inputs["availabilityZones"] == ["2", "3"]


def test_reservations_decide_the_zone(prod: Planned) -> None:
    inputs = _pool(prod, "reserved").inputs
    assert inputs["capacityReservationGroupID"] == GROUP
    assert inputs["availabilityZones"] == ["2"]
    assert inputs["vnetSubnetID"] == prod.one("network-subnet-nodes-2").id
    assert "pool-reserved-reservation-control-contributor" in prod.directly_after("pool-reserved-pool")


def test_sharing(prod: Planned) -> None:
    vision = _pool(prod, "vision").inputs
    assert vision["vmSize"] == "Standard_NC4as_T4_v3"
    assert vision["nodeLabels"]["nvidia.com/device-plugin.config"] == "time-slicing-4"
    assert vision["gpuProfile"] == {"driver": "Install"}
    sliced = _pool(prod, "sliced").inputs
    assert sliced["gpuInstanceProfile"] == "MIG3g"
    assert sliced["availabilityZones"] == ["3"]
    assert "team=x:NoSchedule" in sliced["nodeTaints"]
    assert sliced["nodeLabels"]["acme.example/team"] == "x"


def test_amd_pools_bring_their_own_driver_and_taint(planned: Callable[..., Planned]) -> None:
    pool = GpuPoolSpec(name="amd", accelerator="MI300X:8", max_nodes=1)
    plan = planned(training=TrainingSpec(pools=(pool,)), targets=(target(location="westus"),))
    inputs = _pool(plan, "amd").inputs
    assert inputs["gpuProfile"] == {"driver": "None"}
    assert inputs["nodeTaints"] == ["amd.com/gpu=present:NoSchedule"]


def test_what_azure_cannot_change_changes_the_name(planned: Callable[..., Planned]) -> None:
    def names(**changes: object) -> list[object]:
        pools = [
            GpuPoolSpec.model_validate({"name": name, "accelerator": "T4:1", "max_nodes": 2, **changes, **other})
            for name, other in (("a", {}), ("b", {"zones": (1,)}), ("c", {"local_nvme": True}))
        ]
        plan = planned(training=TrainingSpec(pools=tuple(pools)))
        return [_pool(plan, pool.name).inputs["agentPoolName"] for pool in pools]

    first = names()
    assert names(max_nodes=9, labels={"a": "b"}) == first
    assert not set(names(disk_gib=300)) & set(first)
    assert not set(names(capacity="spot")) & set(first)
    assert not set(names(accelerator="T4:4")) & set(first)
