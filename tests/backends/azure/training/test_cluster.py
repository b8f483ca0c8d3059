"""The cluster and its pools."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network

from mlplatform import GpuPoolSpec, TrainingSpec
from mlplatform.backends.azure.roles import ROLES
from mlplatform.plan.model import Step
from mlplatform.spec.training import SystemPoolSpec

from ....planned import Planned
from ..conftest import GROUP, target


def test_the_cluster_passes_the_baseline(prod: Planned) -> None:
    cluster = prod.one("cluster-cluster")
    inputs = cluster.inputs
    assert inputs["disableLocalAccounts"] is True
    assert inputs["aadProfile"]["enableAzureRBAC"] is True
    assert inputs["oidcIssuerProfile"] == {"enabled": True}
    assert inputs["securityProfile"]["workloadIdentity"] == {"enabled": True}
    assert inputs["sku"]["tier"] == "Standard"
    assert inputs["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}
    assert inputs["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}
    assert inputs["addonProfiles"]["azurepolicy"]["enabled"] is True
    network = inputs["networkProfile"]
    assert (network["networkPolicy"], network["networkPluginMode"]) == ("cilium", "overlay")
    assert network["outboundType"] == "userAssignedNATGateway"
    assert network["dnsServiceIP"] == "172.20.0.10"
    assert inputs["diskEncryptionSetID"] == prod.one("cluster-disks").id
    assert cluster.protect


def test_the_api_is_private_unless_ranges_are_named(prod: Planned, planned: Callable[..., Planned]) -> None:
    private = prod.one("cluster-cluster").inputs["apiServerAccessProfile"]
    assert private["enablePrivateCluster"] is True
    assert private["enablePrivateClusterPublicFQDN"] is False
    assert private["disableRunCommand"] is True
    opened = planned(training=TrainingSpec(api_cidrs=(IPv4Network("203.0.113.0/24"),)))
    public = opened.one("cluster-cluster").inputs["apiServerAccessProfile"]
    assert public["enablePrivateCluster"] is False
    assert public["authorizedIPRanges"] == ["203.0.113.0/24"]


def test_secrets_are_encrypted_with_the_clusters_key_over_a_private_way(prod: Planned) -> None:
    inputs = prod.one("cluster-cluster").inputs
    kms = inputs["securityProfile"]["azureKeyVaultKms"]
    assert kms["keyId"] == prod.one("keys-cluster").outputs["keyUriWithVersion"]
    assert kms["keyVaultNetworkAccess"] == "Private"
    # a private vault is out of reach for an API server outside the network
    assert inputs["apiServerAccessProfile"]["enableVnetIntegration"] is True
    assert inputs["apiServerAccessProfile"]["subnetId"] == prod.one("network-subnet-api").id


def test_the_cluster_comes_after_all_it_needs(prod: Planned) -> None:
    after = prod.directly_after("cluster-cluster")
    assert after >= {
        "cluster-join-nodes-1-control-network-contributor",
        "cluster-join-nodes-3-control-network-contributor",
        "cluster-join-api-control-network-contributor",
        "cluster-act-as-nodes-control-identity-operator",
        "cluster-encrypt-secrets-control-key-crypto-user",
        "cluster-reach-vault-control-vault-contributor",
        "cluster-encrypt-disks-control-reader",
        "cluster-images-kubelet-acr-pull",
        "network-subnet-nodes-1",
        "images-images-registry-names",
    }
    assert {f"network-nat-{zone}" for zone in "123"} <= {
        name for zone in "123" for name in prod.directly_after(f"network-subnet-nodes-{zone}")
    }


def test_disks_follow_the_key_by_themselves(prod: Planned) -> None:
    disks = prod.one("cluster-disks")
    assert disks.inputs["rotationToLatestKeyVersionEnabled"] is True
    assert disks.ignore_changes == ("activeKey.keyUrl",)


def test_a_system_pool_per_zone(prod: Planned, planned: Callable[..., Planned]) -> None:
    pools = prod.one("cluster-cluster").inputs["agentPoolProfiles"]
    assert [(pool["name"], pool["minCount"], pool["maxCount"]) for pool in pools] == [
        ("system1", 1, 2),
        ("system2", 1, 2),
        ("system3", 1, 2),
    ]
    for zone, pool in zip("123", pools, strict=True):
        assert pool["vnetSubnetID"] == prod.one(f"network-subnet-nodes-{zone}").id
        assert pool["enableEncryptionAtHost"] is True
        assert pool["enableNodePublicIP"] is False
        assert pool["securityProfile"]["sshAccess"] == "Disabled"
        assert not pool.get("nodeTaints")
    assert prod.one("cluster-cluster").ignore_changes == tuple(f"agentPoolProfiles[{i}].count" for i in range(3))
    few = planned(training=TrainingSpec(system_pool=SystemPoolSpec(min_nodes=1, max_nodes=5)))
    assert [(p["name"], p["maxCount"]) for p in few.one("cluster-cluster").inputs["agentPoolProfiles"]] == [
        ("system1", 5)
    ]


def test_logs_metrics_and_maintenance(prod: Planned) -> None:
    assert prod.one("cluster-container-logs").inputs["associationName"] == "ContainerInsightsExtension"
    assert prod.one("cluster-metrics").inputs["dataCollectionRuleId"] == prod.one("telemetry-metrics-rule").id
    assert "kube-audit-admin" in str(prod.one("cluster-cluster-logs").inputs["logs"])
    assert "cluster-window-upgrades" in prod.directly_after("cluster-window-node-images")


def test_pods_act_as_identities_without_secrets(prod: Planned) -> None:
    bound = prod.one("cluster-bind-training-training-training").inputs
    assert bound["subject"] == "system:serviceaccount:training:training"
    assert bound["issuer"] == prod.one("cluster-cluster").outputs["oidcIssuerProfile"]["issuerURL"]
    assert bound["resourceName"] == prod.one("training-identity").inputs["resourceName"]


def test_people_in_the_cluster(prod: Planned) -> None:
    name = prod.one("cluster-cluster").inputs["resourceName"]
    rights = prod.rights()
    assert (ROLES["cluster-writer"], "namespaces/training") in rights
    assert (ROLES["cluster-admin"], f"managedClusters/{name}") in rights
    assert (ROLES["cluster-reader"], f"managedClusters/{name}") in rights
    assert (ROLES["cluster-writer"], f"managedClusters/{name}") not in rights
    assert not prod.has("cluster-find-data-engineer-aaaaaaaa-cluster-user")


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


def test_fabric_is_one_zone_with_the_operators_drivers(prod: Planned) -> None:
    inputs = _pool(prod, "pretrain").inputs
    assert inputs["vmSize"] == "Standard_ND96isr_H100_v5"
    assert inputs["availabilityZones"] == ["1"]
    assert inputs["gpuProfile"] == {"driver": "None"}
    assert inputs["upgradeSettings"]["maxSurge"] == "0"


def test_a_pool_that_names_no_zones_is_bound_to_none(prod: Planned) -> None:
    # which zones have a GPU machine differs by subscription
    assert "availabilityZones" not in _pool(prod, "vision").inputs
    assert "bound to no zone" in prod.notes()


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


def test_host_encryption_can_be_left_off(planned: Callable[..., Planned]) -> None:
    plan = planned(training=TrainingSpec(), targets=(target(host_encryption=False),))
    assert plan.one("cluster-cluster").inputs["agentPoolProfiles"][0]["enableEncryptionAtHost"] is False
