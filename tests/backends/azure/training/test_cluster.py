"""The cluster."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network

from mlplatform import TrainingSpec
from mlplatform.backends.azure.foundation.roles import ROLES
from mlplatform.mock_cloud.rollouts.azure_template import evaluate_template
from mlplatform.spec.training import SystemPoolSpec

from ....planned import NAME, Planned
from ..conftest import target


def test_the_cluster_passes_the_baseline(prod: Planned) -> None:
    cluster = prod.one("cluster-cluster")
    inputs = cluster.inputs
    assert inputs["disableLocalAccounts"] is True
    assert inputs["aadProfile"]["enableAzureRBAC"] is True
    assert inputs["oidcIssuerProfile"] == {"enabled": True}
    assert inputs["securityProfile"]["workloadIdentity"] == {"enabled": True}
    assert inputs["sku"]["tier"] == "Standard"
    assert inputs["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}
    assert inputs["autoUpgradeProfile"] == {"upgradeChannel": "none", "nodeOSUpgradeChannel": "NodeImage"}
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
    assert private["disableRunCommand"] is False
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
    # AKS reads every pool of the cluster back, also those that are resources of their own
    assert prod.one("cluster-cluster").ignore_changes == ("agentPoolProfiles",)
    few = planned(training=TrainingSpec(system_pool=SystemPoolSpec(min_nodes=1, max_nodes=5)))
    assert [(p["name"], p["maxCount"]) for p in few.one("cluster-cluster").inputs["agentPoolProfiles"]] == [
        ("system1", 5)
    ]


def test_a_template_changes_the_system_pools(prod: Planned, planned: Callable[..., Planned]) -> None:
    inline = prod.one("cluster-cluster").inputs["agentPoolProfiles"]
    nested = prod.one("cluster-system-versions").inputs["properties"]["template"]["resources"]
    for pool, each in zip(inline, nested, strict=True):
        (written,) = each["properties"]["template"]["resources"]
        own = {key: value for key, value in pool.items() if key not in ("name", "count")}
        assert {**own, "orchestratorVersion": "1.35", "count": "[parameters('count')]"} == written["properties"]
        said = each["properties"]["parameters"]["count"]["value"]
        cluster = f"resourceId('Microsoft.ContainerService/managedClusters', '{NAME}-prod-cluster')"
        assert cluster in said
        count = said.replace(cluster, "'it'")
        scaled = {"agentPoolProfiles": [{"name": "gpus", "count": 7}, {"name": pool["name"], "count": 2}]}
        assert evaluate_template(count, {}, lambda _, scaled=scaled: scaled) == 2, "what the autoscaler made of it"
        fewer = {"agentPoolProfiles": [{"name": "gpus", "count": 7}]}
        assert evaluate_template(count, {}, lambda _, fewer=fewer: fewer) == 1, "a pool that is new"
    more = planned(training=TrainingSpec(system_pool=SystemPoolSpec(min_nodes=6, max_nodes=9)))
    bounds = [
        written["properties"]["minCount"]
        for each in more.one("cluster-system-versions").inputs["properties"]["template"]["resources"]
        for written in each["properties"]["template"]["resources"]
    ]
    assert sum(bounds) == 6


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
    assert (ROLES["cluster-reader"], "namespaces/training") in rights
    assert not prod.has("cluster-find-domain-expert-aaaaaaaa-cluster-user")


def test_host_encryption_can_be_left_off(planned: Callable[..., Planned]) -> None:
    plan = planned(training=TrainingSpec(), targets=(target(host_encryption=False),))
    assert plan.one("cluster-cluster").inputs["agentPoolProfiles"][0]["enableEncryptionAtHost"] is False
