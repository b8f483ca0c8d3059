"""One accelerator decides machine, image, settings, labels, taints and the autoscaler's hints."""

from __future__ import annotations

import base64
import tomllib

import pytest

from ....planned import Planned

ONE_ZONE = {"finetune": "b", "reserved": "b", "block": "c", "bthree": "b"}


def nodes_of(pool: str) -> str:
    """Logical name of a pool's first group."""
    return f"pool-{pool}-nodes-us-east-1{ONE_ZONE.get(pool, 'a')}"


POOLS = ("finetune", "pretrain", "reserved", "block", "vision", "sliced", "neuron", "arm", "bthree")
each_pool = pytest.mark.parametrize("pool", POOLS)


def settings(plan: Planned, pool: str) -> dict[str, object]:
    data = plan.one(f"pool-{pool}-template").inputs["userData"]
    return tomllib.loads(base64.b64decode(str(data)).decode())["settings"]


def hints(plan: Planned, pool: str) -> dict[str, str]:
    prefix = "k8s.io/cluster-autoscaler/node-template/"
    return {
        step.inputs["tag"]["key"].removeprefix(prefix): step.inputs["tag"]["value"]
        for step in plan.all("Tag")
        if step.name.startswith(f"acme-ml-pool-{pool}-hint-us-east-1{ONE_ZONE.get(pool, 'a')}")
    }


@each_pool
def test_nodes_are_hardened(prod: Planned, pool: str) -> None:
    template = prod.one(f"pool-{pool}-template").inputs
    assert template["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }
    for disk in template["blockDeviceMappings"]:
        assert disk["ebs"]["encrypted"] == "true"
        assert disk["ebs"]["kmsKeyId"] == prod.one("keys-volumes").outputs["arn"]
    assert {tags["resourceType"] for tags in template["tagSpecifications"]} == {
        "instance",
        "volume",
        "network-interface",
    }
    assert all(tags["tags"]["cost-center"] == "1" for tags in template["tagSpecifications"])
    assert "remoteAccess" not in prod.one(nodes_of(pool)).inputs


@each_pool
def test_pools_start_from_zero_and_describe_their_nodes_to_the_autoscaler(prod: Planned, pool: str) -> None:
    nodes = prod.one(nodes_of(pool))
    assert nodes.inputs["scalingConfig"]["minSize"] == nodes.inputs["scalingConfig"]["desiredSize"] == 0
    assert nodes.ignore_changes == ("scalingConfig.desiredSize",)
    tags = hints(prod, pool)
    for key, value in nodes.inputs["labels"].items():
        assert tags[f"label/{key}"] == value
    for taint in nodes.inputs["taints"]:
        assert f"taint/{taint['key']}" in tags
    assert "resources/ephemeral-storage" in tags


@each_pool
def test_what_can_only_be_replaced_is_in_the_name(prod: Planned, pool: str) -> None:
    nodes = prod.one(nodes_of(pool))
    assert str(nodes.inputs["nodeGroupName"]).startswith(f"acme-ml-prod-{pool}-")
    assert not nodes.delete_before_replace, "the new group exists before the old one drains"
    assert nodes.inputs["launchTemplate"]["version"] == "1", "a version of its own, not $Latest"


def test_the_machine_type_is_set_in_one_place(prod: Planned) -> None:
    for pool in POOLS:
        in_group = prod.one(nodes_of(pool)).inputs.get("instanceTypes")
        in_template = prod.one(f"pool-{pool}-template").inputs.get("instanceType")
        assert (in_group is None) != (in_template is None)
    assert prod.one(nodes_of("vision")).inputs["instanceTypes"] == ["g6.xlarge"]


def test_gpu_nodes_repel_what_needs_no_gpu(prod: Planned) -> None:
    taints = prod.one(nodes_of("sliced")).inputs["taints"]
    assert {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"} in taints
    assert {"key": "team", "value": "x", "effect": "NO_SCHEDULE"} in taints
    assert prod.one(nodes_of("sliced")).inputs["labels"]["acme.example/team"] == "x"
    assert hints(prod, "sliced")["taint/team"] == "x:NoSchedule"


def test_images_follow_the_accelerator(prod: Planned) -> None:
    images = {pool: prod.one(nodes_of(pool)).inputs["amiType"] for pool in ("vision", "arm", "neuron")}
    assert images == {
        "vision": "BOTTLEROCKET_x86_64_NVIDIA",
        "arm": "BOTTLEROCKET_ARM_64_NVIDIA",
        "neuron": "AL2023_x86_64_NEURON",
    }
    assert prod.one(nodes_of("neuron")).inputs["taints"][0]["key"] == "aws.amazon.com/neuron"
    assert [d["deviceName"] for d in prod.one("pool-neuron-template").inputs["blockDeviceMappings"]] == ["/dev/xvda"]


def test_only_gpu_nodes_wait_for_gpus(prod: Planned) -> None:
    """The cluster autoscaler holds a node with the label for not ready while it has no `nvidia.com/gpu`."""
    label = "k8s.amazonaws.com/accelerator"
    for pool in POOLS:
        devices = {key for key in hints(prod, pool) if key.startswith("resources/") and "ephemeral" not in key}
        labelled = label in prod.one(nodes_of(pool)).inputs["labels"]
        assert labelled is ("resources/nvidia.com/gpu" in devices), pool
        assert (f"label/{label}" in hints(prod, pool)) is labelled, pool


def test_time_slicing_multiplies_what_pods_see(prod: Planned) -> None:
    nvidia = settings(prod, "vision")["kubelet-device-plugins"]["nvidia"]
    assert nvidia["device-sharing-strategy"] == "time-slicing"
    assert nvidia["time-slicing"]["replicas"] == 4
    assert nvidia["time-slicing"]["rename-by-default"] is False
    assert hints(prod, "vision")["resources/nvidia.com/gpu"] == "4"


def test_mig_partitions_and_local_disks(prod: Planned) -> None:
    node_settings = settings(prod, "sliced")
    nvidia = node_settings["kubelet-device-plugins"]["nvidia"]
    assert nvidia["device-partitioning-strategy"] == "mig"
    assert nvidia["mig"]["profile"] == {"h100.80gb": "1g.10gb"}
    assert hints(prod, "sliced")["resources/nvidia.com/gpu"] == "56", "eight GPUs of seven instances"
    commands = node_settings["bootstrap-commands"]["k8s-ephemeral-storage"]["commands"]
    assert commands[0] == ["apiclient", "ephemeral-storage", "init"]
    assert hints(prod, "sliced")["resources/ephemeral-storage"] == "28312Gi"
    neuron = base64.b64decode(str(prod.one("pool-neuron-template").inputs["userData"])).decode()
    assert "strategy: RAID0" in neuron


def test_fast_disks(prod: Planned) -> None:
    disks = {d["deviceName"]: d["ebs"] for d in prod.one("pool-sliced-template").inputs["blockDeviceMappings"]}
    assert (disks["/dev/xvdb"]["iops"], disks["/dev/xvdb"]["throughput"]) == (16000, 1000)
    assert disks["/dev/xvda"]["iops"] == 3000


def test_fabric_joins_one_zone_by_efa(prod: Planned) -> None:
    template = prod.one("pool-pretrain-template").inputs
    interfaces = template["networkInterfaces"]
    assert len(interfaces) == 32
    assert [i["networkCardIndex"] for i in interfaces] == list(range(32))
    assert (interfaces[0]["interfaceType"], interfaces[0]["deviceIndex"]) == ("efa", 0)
    assert {(i["interfaceType"], i["deviceIndex"]) for i in interfaces[1:]} == {("efa-only", 1)}
    assert "vpcSecurityGroupIds" not in template
    assert all(len(i["securityGroups"]) == 2 for i in interfaces)
    assert template["placement"]["groupName"] == prod.one("pool-pretrain-placement").inputs["name"]
    assert prod.one("pool-pretrain-placement").inputs["strategy"] == "cluster"
    assert len(prod.one(nodes_of("pretrain")).inputs["subnetIds"]) == 1
    assert hints(prod, "pretrain")["resources/vpc.amazonaws.com/efa"] == "32"
    assert "vm.nr_hugepages" in settings(prod, "pretrain")["kernel"]["sysctl"]


def test_members_of_a_fabric_reach_each_other_both_ways_before_nodes(prod: Planned) -> None:
    rules = {"pool-pretrain-fabric-pretrain-in", "pool-pretrain-fabric-pretrain-out"}
    assert rules <= prod.directly_after(nodes_of("pretrain"))
    for rule in rules:
        inputs = prod.one(rule).inputs
        assert inputs["referencedSecurityGroupId"] == inputs["securityGroupId"]


def test_a_first_card_without_efa_stays_plain(prod: Planned) -> None:
    interfaces = prod.one("pool-bthree-template").inputs["networkInterfaces"]
    assert len(interfaces) == 17
    assert interfaces[0]["interfaceType"] == "interface"
    assert hints(prod, "bthree")["resources/vpc.amazonaws.com/efa"] == "16"


def test_spot_and_zones(prod: Planned) -> None:
    for zone in "bc":
        nodes = prod.one(f"pool-finetune-nodes-us-east-1{zone}").inputs
        assert nodes["capacityType"] == "SPOT"
        assert nodes["subnetIds"] == [prod.one(f"network-private-us-east-1{zone}").id]
        assert nodes["scalingConfig"]["maxSize"] == 2
    assert not prod.has("pool-finetune-nodes-us-east-1a")


def test_zones_share_the_pools_bounds(prod: Planned) -> None:
    most = [prod.one(f"pool-vision-nodes-us-east-1{z}").inputs["scalingConfig"]["maxSize"] for z in "abc"]
    assert most == [3, 3, 2], "together the eight that the pool may have"
    assert len([step for step in prod.all("NodeGroup") if "pool-sliced" in step.name]) == 1, "one node, one group"
    assert "3 in us-east-1a, 3 in us-east-1b, 2 in us-east-1c" in prod.notes()
    for nodes in prod.all("NodeGroup"):
        if nodes.name != "acme-ml-cluster-system":
            assert len(nodes.inputs["subnetIds"]) == 1, "Auto Scaling rebalances zones by ending nodes"


def test_a_reservation_is_used_in_its_zone(prod: Planned) -> None:
    nodes = prod.one(nodes_of("reserved")).inputs
    assert nodes["capacityType"] == "ON_DEMAND"
    assert nodes["subnetIds"] == [prod.one("network-private-us-east-1b").id]
    target = prod.one("pool-reserved-template").inputs["capacityReservationSpecification"]
    assert target["capacityReservationTarget"]["capacityReservationId"] == "cr-0123456789abcdef0"
    assert not prod.all("CapacityReservation"), "reserving is buying"


def test_a_capacity_block_is_adopted_and_drained_before_its_end(prod: Planned) -> None:
    template = prod.one("pool-block-template").inputs
    assert template["instanceMarketOptions"] == {"marketType": "capacity-block"}
    assert template["instanceType"] == "p5.48xlarge"
    assert prod.one(nodes_of("block")).inputs["capacityType"] == "CAPACITY_BLOCK"
    drain = prod.one("pool-block-drain").inputs
    assert drain["startTime"] == "2026-12-02T23:20:00Z"
    assert (drain["minSize"], drain["maxSize"], drain["desiredCapacity"]) == (0, -1, 0)
    start = prod.one("pool-block-start").inputs
    assert (start["recurrence"], start["timeZone"], start["endTime"]) == ("5 0 1 12 *", "Etc/UTC", drain["startTime"])
    assert "startTime" not in start, "AWS refuses one that has passed, and so an `up` inside the window"
    assert (start["minSize"], start["maxSize"], start["desiredCapacity"]) == (2, -1, 2), "the whole block is paid for"
    assert not prod.all("CapacityBlockReservation")


def test_a_tag_reaches_new_nodes_without_another_version_of_their_template(planned) -> None:
    from mlplatform.plan.diff import diff

    before = planned(training={"pools": [{"name": "vision", "accelerator": "T4:1", "max_nodes": 2}]})
    after = planned(
        training={"pools": [{"name": "vision", "accelerator": "T4:1", "max_nodes": 2}]}, tags={"team": "vision"}
    )
    changed = {change.step.name: change for change in diff(before.plan, after.plan).changes}
    template = changed["acme-ml-pool-vision-template"]
    assert {item.path[0] for item in template.properties} == {"tags"}
    groups = after.all("NodeGroup")
    assert groups
    for group in groups:
        own = [item for item in changed[group.name].properties if item.path[0] != "tags"]
        assert not own, own
    new = [step for step in after.all("Tag") if step.inputs["tag"]["key"] == "team"]  # type: ignore[index]
    assert len(new) == len(groups)
    assert all(step.inputs["tag"]["propagateAtLaunch"] for step in new)  # type: ignore[index]


def test_gpu_groups_update_without_a_spare_machine(prod: Planned) -> None:
    strategies = {
        step.name: step.inputs["updateConfig"].get("updateStrategy")  # type: ignore[attr-defined]
        for step in prod.all("NodeGroup")
    }
    assert {name: strategy for name, strategy in strategies.items() if strategy != "MINIMAL"} == {
        "acme-ml-cluster-system": None
    }
