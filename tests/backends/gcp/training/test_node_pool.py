"""A pool's accelerator decides machine, driver, taints and networks; its name what replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from mlplatform import GpuPoolSpec, TrainingSpec
from mlplatform.plan.model import Step

from ....planned import Planned
from ..conftest import target

POOLS = ("finetune", "pretrain", "reserved", "block", "vision", "sliced", "waiting", "blackwell")


def _node(step: Step) -> dict[str, object]:
    return cast("dict[str, object]", step.inputs["nodeConfig"])


@pytest.mark.parametrize("pool", POOLS)
def test_every_pool_scales_from_zero_behind_the_gpu_taint(prod: Planned, pool: str) -> None:
    step = prod.one(f"pool-{pool}-pool")
    node = _node(step)
    taints = cast("list[dict[str, str]]", node["taints"])
    assert {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"} in taints
    assert step.ignore_changes == ("initialNodeCount",)
    assert "nodeCount" not in step.inputs
    assert step.inputs["autoscaling"]["totalMinNodeCount"] == (2 if pool == "sliced" else 0)  # type: ignore[index]
    assert "cluster-system" in prod.after(f"pool-{pool}-pool"), "GKE taints GPU nodes only beside a pool without GPUs"


@pytest.mark.parametrize("name", [*(f"pool-{pool}-pool" for pool in POOLS), "cluster-system"])
def test_every_node_passes_the_benchmark(prod: Planned, name: str) -> None:
    step = prod.one(name)
    node = _node(step)
    assert node["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
    assert node["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
    assert node["metadata"] == {"disable-legacy-endpoints": "true"}
    assert node["kubeletConfig"] == {"insecureKubeletReadonlyPortEnabled": "FALSE"}
    assert node["imageType"] == "COS_CONTAINERD"
    assert node["serviceAccount"] == prod.one("cluster-nodes").outputs["email"]
    assert node["bootDiskKmsKey"] == prod.one("keys-volumes").id
    assert step.inputs["management"] == {"autoRepair": name != "pool-waiting-pool", "autoUpgrade": True}
    assert step.inputs["networkConfig"]["enablePrivateNodes"] is True  # type: ignore[index]


def test_spot_nodes_are_tainted_because_gke_does_not(prod: Planned) -> None:
    node = _node(prod.one("pool-finetune-pool"))
    assert node["spot"] is True
    assert node["machineType"] == "a2-ultragpu-8g"
    taints = cast("list[dict[str, str]]", node["taints"])
    assert {"key": "cloud.google.com/gke-spot", "value": "true", "effect": "NO_SCHEDULE"} in taints


def test_machines_of_flex_start_are_waited_for_and_neither_repaired_nor_upgraded(prod: Planned) -> None:
    step = prod.one("pool-waiting-pool")
    node = _node(step)
    assert (node["flexStart"], node["maxRunDuration"], node.get("spot")) == (True, "604800s", None)
    assert node["reservationAffinity"] == {"consumeReservationType": "NO_RESERVATION"}
    assert step.inputs["autoscaling"] == {"locationPolicy": "ANY", "totalMinNodeCount": 0, "totalMaxNodeCount": 2}
    assert not {"upgradeSettings", "placementPolicy", "queuedProvisioning"} & step.inputs.keys()


def test_a_reservation_is_the_only_source_and_its_pool_goes_first(prod: Planned) -> None:
    step = prod.one("pool-reserved-pool")
    node = _node(step)
    assert node["reservationAffinity"] == {
        "consumeReservationType": "SPECIFIC_RESERVATION",
        "key": "compute.googleapis.com/reservation-name",
        "values": ["projects/acme-ml-prod/reservations/h100-reserved"],
    }
    assert step.inputs["nodeLocations"] == ["us-central1-a"]
    assert step.delete_before_replace
    assert node["localNvmeSsdBlockConfig"] == {"localSsdCount": 16}, "or the reservation would not match"
    assert not prod.one("pool-vision-pool").delete_before_replace


def test_a_capacity_block_is_a_reservation_of_its_own(prod: Planned) -> None:
    step = prod.one("pool-block-pool")
    values = cast("dict[str, object]", _node(step)["reservationAffinity"])["values"]
    assert values == ["projects/acme-shared/reservations/h200/reservationBlocks/b1"]
    assert step.inputs["nodeLocations"] == ["us-central1-b"]
    assert not prod.all("FutureReservation")
    assert not prod.all("Reservation")


def test_gpudirect_gets_one_network_per_interface(prod: Planned) -> None:
    step = prod.one("pool-pretrain-pool")
    assert _node(step)["machineType"] == "a3-megagpu-8g"
    extra = step.inputs["networkConfig"]["additionalNodeNetworkConfigs"]  # type: ignore[index]
    names = [f"acme-ml-prod-fabric-{number}" for number in range(1, 9)]
    assert [network["network"] for network in extra] == names  # type: ignore[index, union-attr]
    assert {step.inputs["mtu"] for step in prod.all("Network") if "fabric" in step.name} == {8244}
    assert step.inputs["placementPolicy"] == {"type": "COMPACT"}
    assert len(step.inputs["nodeLocations"]) == 1  # type: ignore[arg-type]
    assert prod.one("cluster-cluster").inputs["enableMultiNetworking"] is True


def test_roce_is_gkes_own_affair(prod: Planned) -> None:
    step = prod.one("pool-block-pool")
    network = step.inputs["networkConfig"]
    assert network == {"enablePrivateNodes": True, "acceleratorNetworkProfile": "auto"}
    labels = cast("dict[str, str]", _node(step)["labels"])
    assert labels["cloud.google.com/gke-networking-dra-driver"] == "true"


def test_sharing_is_declared_on_the_device(prod: Planned) -> None:
    shared = cast("list[dict[str, object]]", _node(prod.one("pool-vision-pool"))["guestAccelerators"])[0]
    assert shared["gpuSharingConfig"] == {"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 4}
    sliced = cast("list[dict[str, object]]", _node(prod.one("pool-sliced-pool"))["guestAccelerators"])[0]
    assert (sliced["gpuPartitionSize"], sliced["count"]) == ("3g.40gb", 8)
    assert sliced["type"] == "nvidia-a100-80gb"


def test_drivers_come_with_the_pool(prod: Planned) -> None:
    for pool, version in (("vision", "DEFAULT"), ("blackwell", "LATEST")):
        device = cast("list[dict[str, object]]", _node(prod.one(f"pool-{pool}-pool"))["guestAccelerators"])[0]
        assert device["gpuDriverInstallationConfig"] == {"gpuDriverVersion": version}


def test_disks_are_what_the_machine_can_boot_from(prod: Planned) -> None:
    sliced, newest = _node(prod.one("pool-sliced-pool")), _node(prod.one("pool-blackwell-pool"))
    assert (sliced["diskType"], sliced["diskSizeGb"]) == ("pd-ssd", 200)
    assert sliced["ephemeralStorageLocalSsdConfig"] == {"localSsdCount": 8}
    boot = cast("dict[str, object]", newest["bootDisk"])
    assert (boot["diskType"], boot["sizeGb"]) == ("hyperdisk-balanced", 200)
    assert "provisionedIops" in boot


def test_labels_and_taints_are_the_specs_too(prod: Planned) -> None:
    node = _node(prod.one("pool-sliced-pool"))
    labels = cast("dict[str, str]", node["labels"])
    assert (labels["acme.example/team"], labels["mlplatform.dev/pool"]) == ("x", "sliced")
    taints = cast("list[dict[str, str]]", node["taints"])
    assert {"key": "team", "value": "x", "effect": "NO_EXECUTE"} in taints


def test_first_nodes_are_counted_per_zone(prod: Planned) -> None:
    step = prod.one("pool-sliced-pool")
    zones = step.inputs["nodeLocations"]
    assert set(zones) == {"us-central1-a", "us-central1-c"}, "where the machine is offered"  # type: ignore[arg-type]
    assert step.inputs["initialNodeCount"] == 1


@pytest.mark.parametrize(("least", "most", "places", "first"), [(0, 1, 3, 0), (1, 1, 1, 1), (2, 2, 2, 1), (4, 5, 2, 2)])
def test_a_pool_does_not_start_with_more_than_its_most(
    planned: Callable[..., Planned], least: int, most: int, places: int, first: int
) -> None:
    pool = GpuPoolSpec(name="t", accelerator="T4:1", min_nodes=least, max_nodes=most)
    # T4 is in all of these
    zones = tuple(f"us-central1-{zone}" for zone in "abc")
    made = planned(targets=(target(zones=zones),), training=TrainingSpec(pools=(pool,))).one("pool-t-pool").inputs
    found = cast("list[str]", made["nodeLocations"])
    assert (len(found), made["initialNodeCount"]) == (places, first)


def test_a_name_changes_with_what_replaces_the_pool_and_only_then(planned: Callable[..., Planned]) -> None:
    def name(**changes: object) -> str:
        pool = GpuPoolSpec.model_validate({"name": "vision", "accelerator": "L4:1", "max_nodes": 4, **changes})
        plan = planned(targets=(target(),), training=TrainingSpec(pools=(pool,)))
        return str(plan.one("pool-vision-pool").inputs["name"])

    base = name()
    assert base == name(max_nodes=9) == name(disk_gib=300) == name(labels={"a": "b"})
    assert len({base, name(capacity="spot"), name(accelerator="L4:2"), name(local_nvme=True)}) == 4


def test_a_domain_of_gb200_is_one_pool(planned: Callable[..., Planned]) -> None:
    pool = GpuPoolSpec.model_validate(
        {
            "name": "rack",
            "accelerator": "GB200:4",
            "max_nodes": 18,
            "capacity": {"kind": "reservation", "name": "rack", "count": 18},
        }
    )
    bound = {"rack": {"id": "rack-1", "zone": "us-central1-a"}}
    plan = planned(targets=(target(reservations=bound),), training=TrainingSpec(pools=(pool,)))
    policy = plan.one("pool-rack-domain").inputs
    assert policy["workloadPolicy"] == {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "1x72"}
    placed = plan.one("pool-rack-pool").inputs["placementPolicy"]
    assert placed == {"type": "COMPACT", "policyName": policy["name"]}
