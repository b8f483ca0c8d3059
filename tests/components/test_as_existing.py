"""Parts of one platform that another uses: network, keys, store, and an identity by its principal."""

from __future__ import annotations

import dataclasses

import pulumi
import pytest

from mlplatform import (
    ArtifactStore,
    ArtifactStoreSpec,
    Cluster,
    Existing,
    GpuNodePool,
    GpuPoolSpec,
    Identity,
    TrainingSpec,
)
from mlplatform.components.existing import ExistingPart
from mlplatform.plan.model import Plan

from ..conftest import CLOUDS
from .parts import context, plan_of


def _two(cloud: str) -> Plan:
    """A platform's parts, and a second platform that uses them."""

    def program() -> None:
        first = context(cloud)
        store = ArtifactStore("acme-store", ArtifactStoreSpec(), first)
        trainer = Identity("acme-trainer", "pipelines", first)
        shared = Existing(network=first.network.as_existing(), keys=first.keys.as_existing())
        second = context(cloud, name="other", existing=shared)
        named = Identity("other-theirs", "pipelines", second, principal=trainer.principal)
        store.grant_write(named, "models")
        pulumi.export("places", sorted(place_names(store.as_existing())))
        cluster = Cluster("other-cluster", TrainingSpec(), second)
        with pytest.raises(ValueError, match="other-theirs: cannot bind an existing identity"):
            cluster.bind(named, "training", "training")
        third = context(cloud, name="third", existing=Existing(cluster=cluster.as_existing(), keys=shared.keys))
        GpuNodePool(
            "third-pool-t", GpuPoolSpec(name="t", accelerator="T4:1", max_nodes=1), third, cluster=third.cluster
        )

    return plan_of(cloud, program)


def place_names(store: ExistingPart) -> set[str]:
    """Places that another platform would find."""
    (field,) = dataclasses.fields(store)  # type: ignore[arg-type]
    return set(getattr(store, field.name))


CLUSTER = {
    "aws": "aws:eks/cluster:Cluster",
    "gcp": "gcp:container/cluster:Cluster",
    "azure": "azure-native:containerservice:ManagedCluster",
}
NETWORK = {
    "aws": "aws:ec2/vpc:Vpc",
    "gcp": "gcp:compute/network:Network",
    "azure": "azure-native:network:VirtualNetwork",
}
GRANT = {
    "aws": ("aws:iam/rolePolicy:RolePolicy", "role", "acme-dev-trainer"),
    "gcp": ("gcp:storage/bucketIAMMember:BucketIAMMember", "member", "serviceAccount:acme-dev-trainer"),
    "azure": ("azure-native:authorization:RoleAssignment", "principalId", ""),
}
POOL = {
    "aws": ("aws:eks/nodeGroup:NodeGroup", "clusterName"),
    "gcp": ("gcp:container/nodePool:NodePool", "cluster"),
    "azure": ("azure-native:containerservice:AgentPool", "resourceName"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_second_platform_uses_the_first(cloud: str) -> None:
    plan = _two(cloud)
    assert plan.outputs["places"] == ["data", "features", "models", "monitoring", "pipelines"]
    network = plan.one(NETWORK[cloud])
    assert network.name.startswith("acme-network")
    cluster = plan.one(CLUSTER[cloud])
    made = [step.urn for step in plan.steps if step.name.startswith("acme-keys")]
    assert set(cluster.dependencies) & set(made), "encrypted with the first platform's key"
    token, field, principal = GRANT[cloud]
    granted = [step for step in plan.of_type(token) if "theirs" in step.name]
    assert granted
    trainer = [step.urn for step in plan.steps if step.name.startswith("acme-trainer-")]
    for grant in granted:
        assert str(grant.inputs[field]).startswith(principal)
        assert set(grant.dependencies) & set(trainer), "the grant comes after the identity"
    pools = [step for step in plan.of_type(POOL[cloud][0]) if step.name.startswith("third-pool-t")]
    assert pools
    for pool in pools:
        assert cluster.urn in pool.dependencies
        assert str(pool.inputs[POOL[cloud][1]]).startswith("other-dev")
