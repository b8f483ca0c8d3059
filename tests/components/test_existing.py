"""Existing parts: ids and outputs reach the resources, and nothing of them is made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

import pulumi
import pytest

from mlplatform import (
    ArtifactStore,
    ArtifactStoreSpec,
    AwsExistingBucket,
    AwsExistingCluster,
    AwsExistingKeys,
    AwsExistingNetwork,
    AwsExistingStore,
    AzureExistingCluster,
    AzureExistingContainer,
    AzureExistingKeys,
    AzureExistingNetwork,
    AzureExistingStore,
    CpuNodePool,
    CpuPoolSpec,
    Existing,
    GcpExistingCluster,
    GcpExistingKeys,
    GcpExistingNetwork,
    GcpExistingStore,
    GpuNodePool,
    GpuPoolSpec,
    Identity,
    Platform,
)
from mlplatform.plan.model import Plan, Step

from ..conftest import CLOUDS
from .parts import GROUP, context, plan_of, spec

KEY = {
    "aws": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555",
    "gcp": "projects/security/locations/us-central1/keyRings/shared/cryptoKeys/ml",
    "azure": f"{GROUP}/Microsoft.KeyVault/vaults/shared-keys",
}
VNET = f"{GROUP}/Microsoft.Network/virtualNetworks/shared"


def _keys(cloud: str) -> AwsExistingKeys | GcpExistingKeys | AzureExistingKeys:
    match cloud:
        case "aws":
            return AwsExistingKeys(default=KEY["aws"])
        case "gcp":
            return GcpExistingKeys(default=KEY["gcp"])
        case _:
            return AzureExistingKeys(vault_id=KEY["azure"], default="ml")


def _cluster(cloud: str) -> AwsExistingCluster | GcpExistingCluster | AzureExistingCluster:
    """A cluster from other resources of the same program."""
    if cloud == "aws":
        from pulumi_aws import iam

        trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
        role = iam.Role("theirs", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trusted]}))
        subnets = {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"}
        return AwsExistingCluster(cluster_name="theirs", node_role_arn=role.arn, subnets=subnets)
    if cloud == "gcp":
        from pulumi_gcp import serviceaccount

        account = serviceaccount.Account("theirs", account_id="their-nodes", project="acme-ml-dev")
        return GcpExistingCluster(
            cluster_name="theirs", node_service_account=account.email, zones=("us-central1-a", "us-central1-b")
        )
    from pulumi_azure_native import resources

    group = resources.ResourceGroup("theirs", resource_group_name="theirs", location="eastus2")
    return AzureExistingCluster(cluster_name="theirs", group_name=group.name, node_subnet_ids=[f"{VNET}/subnets/nodes"])


def _pool(cloud: str) -> Plan:
    def program() -> None:
        existing = Existing(cluster=_cluster(cloud), keys=_keys(cloud))
        own = context(cloud, existing=existing)
        GpuNodePool(
            "acme-pool-small", GpuPoolSpec(name="small", accelerator="T4:1", max_nodes=2), own, cluster=own.cluster
        )
        CpuNodePool("acme-pool-prep", CpuPoolSpec(name="prep", max_nodes=2), own, cluster=own.cluster)
        own.cluster.bind(Identity("acme-training", "training", own), "training", "trainer")

    return plan_of(cloud, program)


@pytest.fixture(scope="module")
def pool_plan() -> Callable[[str], Plan]:
    """The plan of a pool on an existing cluster, once per cloud."""
    known: dict[str, Plan] = {}

    def plan(cloud: str) -> Plan:
        return known.setdefault(cloud, known.get(cloud) or _pool(cloud))

    return plan


POOL = {
    "aws": "aws:eks/nodeGroup:NodeGroup",
    "gcp": "gcp:container/nodePool:NodePool",
    "azure": "azure-native:containerservice:AgentPool",
}
THEIRS = {
    "aws": ("nodeRoleArn", "Role"),
    "gcp": ("nodeConfig", "Account"),
    "azure": ("resourceGroupName", "ResourceGroup"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_pool_joins_an_existing_cluster(cloud: str, pool_plan: Callable[[str], Plan]) -> None:
    plan = pool_plan(cloud)
    pools = plan.of_type(POOL[cloud])
    assert pools
    named = {"aws": "clusterName", "gcp": "cluster", "azure": "resourceName"}[cloud]
    assert {pool.inputs[named] for pool in pools} == {"theirs"}
    field, kind = THEIRS[cloud]
    (theirs,) = [step.urn for step in plan.of_type(kind) if step.name == "theirs"]
    assert all(theirs in pool.property_dependencies[field] for pool in pools)
    assert all(step.name != "acme-network" for step in plan.steps), "a pool on an existing cluster needs no network"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nothing_of_the_existing_is_made(cloud: str, pool_plan: Callable[[str], Plan]) -> None:
    kinds = {step.type for step in pool_plan(cloud).resources()}
    made = {
        "aws:eks/cluster:Cluster",
        "aws:kms/key:Key",
        "aws:ec2/vpc:Vpc",
        "gcp:container/cluster:Cluster",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:compute/network:Network",
        "azure-native:containerservice:ManagedCluster",
        "azure-native:keyvault:Key",
        "azure-native:network:VirtualNetwork",
    }
    assert not kinds & made


def test_what_was_not_given_is_looked_up(pool_plan: Callable[[str], Plan]) -> None:
    group = pool_plan("aws").of_type(POOL["aws"])[0]
    assert group.inputs["version"] == "1.33"
    templates = pool_plan("aws").of_type("aws:ec2/launchTemplate:LaunchTemplate")
    assert len(templates) == 2
    for template in templates:
        assert str(template.inputs["vpcSecurityGroupIds"]).startswith("['sg-")
        assert KEY["aws"] in str(template.inputs["blockDeviceMappings"])
    credential = pool_plan("azure").one("azure-native:managedidentity:FederatedIdentityCredential")
    assert str(credential.inputs["issuer"]).startswith("https://eastus2.oic.prod-aks.azure.com/")


def test_disks_of_pools_are_under_the_existing_key(pool_plan: Callable[[str], Plan]) -> None:
    pools = pool_plan("gcp").of_type(POOL["gcp"])
    assert len(pools) == 2
    for pool in pools:
        assert KEY["gcp"] in str(pool.inputs["nodeConfig"])


def _store(cloud: str) -> Plan:
    def program() -> None:
        theirs: AwsExistingStore | GcpExistingStore | AzureExistingStore
        if cloud == "aws":
            from pulumi_aws import s3

            theirs = AwsExistingStore(
                buckets={
                    "data": AwsExistingBucket(name=s3.Bucket("lake", bucket="acme-lake").bucket, key_arn=KEY["aws"]),
                    "models": AwsExistingBucket(name="acme-models"),
                }
            )
        elif cloud == "gcp":
            from pulumi_gcp import storage

            lake = storage.Bucket("lake", name="acme-lake", location="us-central1")
            theirs = GcpExistingStore(buckets={"data": lake.name, "models": "acme-models"})
        else:
            account = pulumi.Output.from_input(f"{GROUP}/Microsoft.Storage/storageAccounts/acmelake")
            theirs = AzureExistingStore(
                containers={
                    "data": AzureExistingContainer(account_id=account, name="raw"),
                    "models": AzureExistingContainer(account_id=account, name="models"),
                }
            )
        own = context(cloud, existing=Existing(store=theirs))
        store = ArtifactStore("acme-store", ArtifactStoreSpec(), own)
        store.grant_read(Identity("acme-reader", "pipelines", own), "data", "models", "features")
        pulumi.export("uris", dict(store.uris))

    return plan_of(cloud, program)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_places_that_exist_are_granted_and_not_made(cloud: str) -> None:
    plan = _store(cloud)
    uris = plan.outputs["uris"]
    assert isinstance(uris, dict)
    expected = {
        "aws": "s3://acme-lake",
        "gcp": "gs://acme-lake",
        "azure": "wasbs://raw@acmelake.blob.core.windows.net/",
    }
    assert uris["data"] == expected[cloud]
    assert set(uris) == {"data", "features", "models", "pipelines", "monitoring"}
    names = {step.name for step in plan.steps}
    assert "acme-store-features" in names
    assert not names & {"acme-store-data", "acme-store-models"}
    grants = [step for step in plan.resources() if "reader" in step.name]
    text = " ".join(str(step.inputs) for step in grants)
    assert {"aws": "arn:aws:s3:::acme-lake/*", "gcp": "acme-lake", "azure": "acmelake/blobServices"}[cloud] in text
    if cloud == "aws":
        assert KEY["aws"] in text, "the place's own key is granted too"
        (lake,) = [step.urn for step in plan.steps if step.name == "lake"]
        assert any(lake in step.dependencies for step in grants), "a grant comes after the bucket it is for"


def _network(cloud: str) -> AwsExistingNetwork | GcpExistingNetwork | AzureExistingNetwork:
    if cloud == "aws":
        from pulumi_aws import ec2

        vpc = ec2.Vpc("theirs", cidr_block="10.9.0.0/16")
        subnets = {
            zone: ec2.Subnet(f"theirs-{zone}", vpc_id=vpc.id, cidr_block=f"10.9.{at}.0/24", availability_zone=zone).id
            for at, zone in enumerate(("us-east-1a", "us-east-1b"))
        }
        return AwsExistingNetwork(vpc_id=vpc.id, subnets=subnets, cidrs=["10.9.0.0/16"])
    if cloud == "gcp":
        return GcpExistingNetwork(
            network_id=pulumi.Output.from_input("projects/host/global/networks/shared"),
            subnet_id="projects/host/regions/us-central1/subnetworks/nodes",
            pods_range="pods",
            services_range="services",
        )
    return AzureExistingNetwork(
        vnet_id=pulumi.Output.from_input(VNET),
        node_subnet_ids=[f"{VNET}/subnets/nodes"],
        endpoint_subnet_id=f"{VNET}/subnets/endpoints",
        api_subnet_id=f"{VNET}/subnets/api",
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_platform_stands_on_existing_network_and_keys(cloud: str) -> None:
    from mlplatform import TrainingSpec

    def program() -> None:
        existing = Existing(network=_network(cloud), keys=_keys(cloud))
        Platform(spec(cloud).overlay(training=TrainingSpec()), existing=existing)

    plan = plan_of(cloud, program)
    kinds = {step.type for step in plan.resources() if step.name.startswith("acme")}
    assert not kinds & {
        "aws:ec2/vpc:Vpc",
        "aws:ec2/natGateway:NatGateway",
        "aws:kms/key:Key",
        "gcp:compute/network:Network",
        "gcp:kms/cryptoKey:CryptoKey",
        "azure-native:network:VirtualNetwork",
        "azure-native:keyvault:Key",
    }
    cluster = {
        "aws": "aws:eks/cluster:Cluster",
        "gcp": "gcp:container/cluster:Cluster",
        "azure": "azure-native:containerservice:ManagedCluster",
    }
    made: Step = plan.one(cluster[cloud])
    text = str(made.inputs)
    if cloud == "aws":
        subnets = [step.id for step in plan.of_type("Subnet") if step.name.startswith("theirs")]
        assert made.inputs["vpcConfig"]["subnetIds"] == subnets  # type: ignore[index]
        assert KEY["aws"] in text
    elif cloud == "gcp":
        assert made.inputs["subnetwork"] == "projects/host/regions/us-central1/subnetworks/nodes"
        assert KEY["gcp"] in text
    else:
        assert f"{VNET}/subnets/nodes" in text
        assert "https://shared-keys.vault.azure.net/keys/ml/" in text
        endpoints = [str(step.inputs) for step in plan.of_type("PrivateEndpoint")]
        assert not any("vaults/shared-keys" in endpoint for endpoint in endpoints), "their vault, their endpoint"
        rights = [step for step in plan.of_type("RoleAssignment") if KEY["azure"] in str(step.inputs["scope"])]
        assert len(rights) >= 6, "each purpose's identity may use its key"


def test_another_clouds_part_is_refused() -> None:
    with pytest.raises(ValueError, match=r"existing\.keys is a GcpExistingKeys, the target's cloud is aws"):
        context("aws", existing=Existing(keys=GcpExistingKeys(default="k")))


def test_keys_that_leave_purposes_out_are_refused() -> None:
    def program() -> None:
        _ = context("aws", existing=Existing(keys=AwsExistingKeys(arns={"store": KEY["aws"]}))).keys

    with pytest.raises(ValueError, match="no key for cluster, volumes, registry, serving, monitoring"):
        plan_of("aws", program)


def test_an_existing_cluster_that_lacks_what_a_pool_needs_is_refused() -> None:
    from mlplatform import Reservation, ReservationBinding

    def program() -> None:
        target = spec("azure").targets[0]
        bound = {"h100": ReservationBinding(id=f"{GROUP}/Microsoft.Compute/capacityReservationGroups/h", zone="1")}
        from mlplatform import Context

        own = Context(
            spec("azure").overlay(targets=(target.overlay(reservations=bound),)),
            existing=Existing(cluster=_cluster("azure")),
        )
        pool = GpuPoolSpec(name="big", accelerator="T4:1", max_nodes=1, capacity=Reservation(name="h100", count=1))
        GpuNodePool("acme-pool-big", pool, own, cluster=own.cluster)

    with pytest.raises(ValueError, match="control_plane_principal_id"):
        plan_of("azure", program)


def test_a_backend_without_a_module_names_it() -> None:
    from mlplatform import discovery
    from mlplatform.components.contract import contract

    @contract("existing_moon")
    class UsesExistingMoon(Protocol):
        def __call__(self, scope: object, /) -> object: ...

    with pytest.raises(NotImplementedError, match="the backend of AWS has no 'existing_moon'"):
        discovery.backend("aws").load(UsesExistingMoon)
