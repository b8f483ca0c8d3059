"""Two references that must differ are held against each other, in specs and in programs, on every cloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform import (
    AwsExistingBucket,
    AwsExistingNetwork,
    AwsExistingStore,
    AzureExistingCluster,
    AzureExistingNetwork,
    Context,
    Existing,
    GcpExistingNetwork,
    GcpExistingStore,
    PlatformSpec,
)
from mlplatform.reading.load import load

SUBSCRIPTION = "00000000-0000-4000-8000-000000000000"
TENANT = "11111111-1111-4111-8111-111111111111"
VNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v"
ZONE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z"

AWS = "{cloud: aws, account_id: '123456789012', region: us-east-1, MORE}"
GCP = "{cloud: gcp, project: acme-dev, project_number: '123456789012', region: us-central1, MORE}"
AZURE = f"{{cloud: azure, subscription_id: {SUBSCRIPTION}, tenant_id: {TENANT}, location: eastus, MORE}}"


def _azure_network(nodes: str, endpoint: str, api: str, more: str = "") -> str:
    return (
        f"network: {{vnet_id: {VNET}, node_subnet_ids: [{nodes}], endpoint_subnet_id: {VNET}/subnets/{endpoint}, "
        f"api_subnet_id: {VNET}/subnets/{api}{more}}}"
    )


CASES = {
    "gcp ranges": (
        GCP,
        "network: {network: shared, subnet: nodes, pods_range: pods, services_range: pods}",
        "network.services_range",
    ),
    "aws subnets": (
        AWS,
        "network: {vpc_id: vpc-12345678, cidrs: [10.0.0.0/16], "
        "subnets: {us-east-1a: subnet-12345678, us-east-1b: subnet-12345678}}",
        "network.subnets.us-east-1b",
    ),
    "aws ranges": (
        AWS,
        "network: {vpc_id: vpc-12345678, cidrs: [10.0.0.0/16, 10.0.0.0/16], "
        "subnets: {us-east-1a: subnet-12345678, us-east-1b: subnet-12345679}}",
        "network.cidrs[1]",
    ),
    "azure api": (AZURE, _azure_network(f"{VNET}/subnets/nodes", "endpoints", "NODES"), "network.api_subnet_id"),
    "azure nodes": (
        AZURE,
        _azure_network(f"{VNET}/subnets/n, {VNET}/subnets/m, {VNET}/subnets/n", "endpoints", "api"),
        "network.node_subnet_ids[2]",
    ),
    "azure zones": (
        AZURE,
        _azure_network(
            f"{VNET}/subnets/nodes",
            "endpoints",
            "api",
            f", dns_zone_ids: {{privatelink.azurecr.io: {ZONE}, privatelink.vaultcore.azure.net: {ZONE}}}",
        ),
        "network.dns_zone_ids.privatelink.vaultcore.azure.net",
    ),
    "aws replica": (AWS, "replica_region: us-east-1", "replica_region"),
    "gcp replica": (GCP, "replica_region: us-central1", "replica_region"),
    "azure replica": (AZURE, "replica_region: eastus", "replica_region"),
    "aws reservations": (
        AWS,
        "reservations: {a: {id: cr-12345678, zone: us-east-1a}, b: {id: cr-12345678, zone: us-east-1a}}",
        "reservations.b.id",
    ),
    "gcp reservations": (
        GCP,
        "reservations: {a: {id: block, zone: us-central1-a}, b: {id: block, zone: us-central1-a}}",
        "reservations.b.id",
    ),
    "azure reservations": (
        AZURE,
        f"reservations: {{a: {{id: {VNET}, zone: '1'}}, b: {{id: {VNET}, zone: '1'}}}}",
        "reservations.b.id",
    ),
    "aws people": (AWS, "people: {operator: [a, a]}", "people.operator[1]"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_spec_names_each_once(case: str, tmp_path: Path) -> None:
    target, more, path = CASES[case]
    file = tmp_path / "spec.yaml"
    file.write_text(f"name: acme\nowner: ml\ncost_center: '1'\ntargets:\n  - {target.replace('MORE', more)}\n")
    found = [problem for problem in load(file).problems if problem.path.endswith(path)]
    assert [problem.line for problem in found] == [5], load(file).problems


PARTS = {
    "aws network": (
        AWS,
        Existing(
            network=AwsExistingNetwork(
                vpc_id="vpc-1", subnets={"us-east-1a": "subnet-1", "us-east-1b": "subnet-1"}, cidrs=["10.0.0.0/16"]
            )
        ),
        "existing.network.subnets.us-east-1b",
    ),
    "aws store": (
        AWS,
        Existing(
            store=AwsExistingStore(buckets={"data": AwsExistingBucket(name="b"), "models": AwsExistingBucket(name="b")})
        ),
        "existing.store.buckets.models",
    ),
    "gcp network": (
        GCP,
        Existing(network=GcpExistingNetwork(network_id="n", subnet_id="s", pods_range="p", services_range="p")),
        "existing.network.services_range",
    ),
    "gcp store": (
        GCP,
        Existing(store=GcpExistingStore(buckets={"data": "b", "models": "b"})),
        "existing.store.buckets.models",
    ),
    "azure network": (
        AZURE,
        Existing(
            network=AzureExistingNetwork(
                vnet_id="v", node_subnet_ids=["n"], endpoint_subnet_id="e", api_subnet_id="a", apps_subnet_id="A"
            )
        ),
        "existing.network.apps_subnet_id",
    ),
    "azure cluster": (
        AZURE,
        Existing(cluster=AzureExistingCluster(cluster_name="c", group_name="g", node_subnet_ids=["n", "n"])),
        "existing.cluster.node_subnet_ids[1]",
    ),
}


@pytest.mark.parametrize("case", PARTS)
def test_a_program_names_each_once(case: str, tmp_path: Path) -> None:
    target, existing, path = PARTS[case]
    file = tmp_path / "spec.yaml"
    file.write_text(f"name: acme\nowner: ml\ncost_center: '1'\ntargets:\n  - {target.replace(', MORE', '')}\n")
    spec = load(file).spec
    assert isinstance(spec, PlatformSpec)
    with pytest.raises(ValueError, match="expected another one") as refused:
        Context(spec, existing=existing)
    assert str(refused.value).startswith(f"{path}: ")
