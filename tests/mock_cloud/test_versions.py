"""Control planes go up one minor version at a time, no pool is ahead of its own, and an upgrade replaces nodes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused

MakeCloud = Callable[[str], Cloud]
EKS, GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
GKE = "gcp:container/cluster:Cluster"
AKS, POOL = "azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"
AZURE = {"resourceGroupName": "acme", "location": "westus3"}


def cluster(cloud: str, version: str, channel: str = "none") -> tuple[str, dict[str, object]]:
    """A control plane of one version: its type and inputs."""
    return {
        "aws": (EKS, {"name": "acme", "version": version}),
        "gcp": (GKE, {"name": "acme", "location": "us-central1", "minMasterVersion": version}),
        "azure": (
            AKS,
            {
                **AZURE,
                "resourceName": "acme",
                "kubernetesVersion": version,
                "autoUpgradeProfile": {"upgradeChannel": channel},
            },
        ),
    }[cloud]


def pool(version: str) -> dict[str, object]:
    return {**AZURE, "resourceName": "acme", "agentPoolName": "gpus", "orchestratorVersion": version}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aws", "Unsupported Kubernetes minor version update from 1.33 to 1.35"),
        ("gcp", "Master cannot be upgraded from 1.33 to 1.35"),
        ("azure", "Upgrading Kubernetes version 1.33 to 1.35 is not allowed"),
    ],
)
def test_a_minor_version_cannot_be_skipped(cloud: MakeCloud, name: str, said: str) -> None:
    mocked = cloud(name)
    token, inputs = cluster(name, "1.33")
    held = mocked.create(token, "cluster", inputs)
    with pytest.raises(CloudRefused, match=said) as refused:
        mocked.update(token, held.id, cluster(name, "1.35")[1])
    assert "one `up` for each" in refused.value.cause
    for version in ("1.34", "1.35"):
        mocked.update(token, held.id, cluster(name, version)[1])


@pytest.mark.parametrize("name", ["aws", "azure"])
def test_a_version_never_goes_back(cloud: MakeCloud, name: str) -> None:
    mocked = cloud(name)
    token, inputs = cluster(name, "1.35")
    held = mocked.create(token, "cluster", inputs)
    with pytest.raises(CloudRefused, match=r"1\.35 to 1\.34"):
        mocked.update(token, held.id, cluster(name, "1.34")[1])


def test_gkes_version_is_only_a_least_one(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    held = gcp.create(GKE, "cluster", cluster("gcp", "1.35")[1])
    gcp.update(GKE, held.id, cluster("gcp", "1.34")[1])


def test_no_pool_of_aks_is_ahead_of_its_control_plane(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", cluster("azure", "1.34")[1])
    gpus = azure.create(POOL, "gpus", pool("1.34"))
    with pytest.raises(CloudRefused, match="AgentPoolUpgradeVersionNotAllowed"):
        azure.update(POOL, gpus.id, pool("1.35"))
    azure.run()
    azure.update(AKS, held.id, cluster("azure", "1.35")[1])
    assert azure.recycled == [], "the control plane alone replaces no node"
    azure.update(POOL, gpus.id, pool("1.35"))
    assert [words for _, words in azure.recycled] == ["its nodes"]
    with pytest.raises(CloudRefused, match="AgentPoolUpgradeVersionNotAllowed"):
        azure.update(POOL, gpus.id, pool("1.34"))


def test_no_node_group_of_eks_is_ahead_of_its_control_plane(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    aws.create(EKS, "cluster", cluster("aws", "1.34")[1])
    group = {"clusterName": "acme", "nodeGroupName": "gpus", "version": "1.35"}
    with pytest.raises(CloudRefused, match=r"equal to or less than the cluster kubernetes version 1\.34"):
        aws.create(GROUP, "gpus", group)
    aws.create(GROUP, "gpus", {**group, "version": "1.33"})


def test_with_an_upgrade_channel_aks_upgrades_no_control_plane_alone(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", cluster("azure", "1.34", "patch")[1])
    azure.create(POOL, "gpus", pool("1.34"))
    with pytest.raises(CloudRefused, match="NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged"):
        azure.update(AKS, held.id, cluster("azure", "1.35", "patch")[1])
    azure.update(AKS, held.id, cluster("azure", "1.35")[1])
