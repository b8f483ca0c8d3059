"""The network: ranges, egress, private names, flow logs, adoption."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from itertools import pairwise

from mlplatform import NetworkSpec, TrainingSpec
from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork
from mlplatform.backends.azure.network import address_plan as addresses
from mlplatform.backends.azure.network.zones import spread_evenly, zones_in_use

from ....planned import Planned
from ..conftest import SUBSCRIPTION, spec, target

NET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network"
VNET = f"{NET}/virtualNetworks/hub"


def _adopted(**changes: object) -> AzureAdoptedNetwork:
    return AzureAdoptedNetwork.model_validate(
        {
            "vnet_id": VNET,
            "node_subnet_ids": (f"{VNET}/subnets/nodes",),
            "endpoint_subnet_id": f"{VNET}/subnets/endpoints",
            "api_subnet_id": f"{VNET}/subnets/api",
            "dns_zone_ids": {
                "privatelink.vaultcore.azure.net": f"{NET}/privateDnsZones/privatelink.vaultcore.azure.net"
            },
            **changes,
        }
    )


def test_ranges_do_not_overlap_and_fit() -> None:
    for cidr in ("10.0.0.0/16", "10.0.16.0/20"):
        plan = addresses.divide_range(IPv4Network(cidr))
        parts = [*plan.nodes, plan.api, plan.endpoints, plan.apps]
        assert all(part.subnet_of(IPv4Network(cidr)) for part in parts)
        assert not any(a.overlaps(b) for i, a in enumerate(parts) for b in parts[i + 1 :])
        assert plan.api.prefixlen <= 28
        assert plan.apps.prefixlen <= 27
    assert spread_evenly(7, 3) == (3, 2, 2)


def test_production_has_a_gateway_per_zone_and_dev_one(prod: Planned, least: Planned) -> None:
    assert sorted(step.inputs["zones"] for step in prod.all("NatGateway")) == [["1"], ["2"], ["3"]]
    for zone in "123":
        subnet = prod.one(f"network-subnet-nodes-{zone}").inputs
        assert subnet["natGateway"] == {"id": prod.one(f"network-nat-{zone}").id}
    assert len(least.all("NatGateway")) == 1
    assert least.one("network-subnet-nodes").inputs["natGateway"]
    assert not prod.one("network-subnet-endpoints").inputs.get("natGateway")


def test_subnets_are_written_one_after_the_other_and_closed(prod: Planned) -> None:
    order = ["nodes-1", "nodes-2", "nodes-3", "endpoints", "api", "apps"]
    for before, after in pairwise(order):
        assert f"network-subnet-{before}" in prod.directly_after(f"network-subnet-{after}")
    for step in prod.all("Subnet"):
        assert step.inputs["defaultOutboundAccess"] is False
        assert step.inputs["networkSecurityGroup"]["id"]
    api = prod.one("network-subnet-api").inputs["delegations"]
    assert [delegation["serviceName"] for delegation in api] == ["Microsoft.ContainerService/managedClusters"]


def test_nothing_comes_in_from_the_internet(prod: Planned) -> None:
    for step in prod.all("NetworkSecurityGroup"):
        for rule in step.inputs["securityRules"]:
            if rule["access"] == "Allow":
                assert rule["sourceAddressPrefix"] not in ("*", "Internet", "0.0.0.0/0")
        assert step.inputs["securityRules"][-1]["access"] == "Deny"
    nodes = prod.one("network-guard-nodes-1").inputs["securityRules"]
    assert (nodes[0]["sourceAddressPrefix"], nodes[0]["destinationAddressPrefix"]) == ("100.64.0.0/16",) * 2


def test_a_public_endpoint_that_sleeps_lets_https_in(planned: Callable[..., Planned]) -> None:
    public = planned(endpoints=({"name": "open", "replicas": (0, 2), "exposure": "public"},))
    rule = public.one("network-guard-apps").inputs["securityRules"][0]
    assert (rule["sourceAddressPrefix"], rule["destinationPortRange"], rule["protocol"]) == ("Internet", "443", "Tcp")


def test_private_endpoints_have_private_names(prod: Planned) -> None:
    endpoints = prod.all("PrivateEndpoint")
    groups = sorted(
        group
        for step in endpoints
        for link in step.inputs["privateLinkServiceConnections"]
        for group in link["groupIds"]
    )
    # three vaults, the registry, main, write-once and both replica accounts, and the main account's files
    assert groups == ["blob"] * 4 + ["file", "registry", "vault", "vault", "vault"]
    subnet = prod.one("network-subnet-endpoints").id
    assert {step.inputs["subnet"]["id"] for step in endpoints} == {subnet}
    assert len(prod.all("PrivateDnsZoneGroup")) == len(endpoints)
    for zone in prod.all("PrivateZone"):
        assert zone.inputs["location"] == "global"
        assert prod.has(f"{zone.name.removeprefix('acme-ml-')}-link")
    # Azure refuses two endpoints on one account at once
    assert "store-store-main-blob" in prod.directly_after("store-store-main-file")


def test_flow_logs_go_to_an_archive_that_only_the_watcher_writes(
    prod: Planned, planned: Callable[..., Planned]
) -> None:
    log = prod.one("network-flow-logs").inputs
    assert log["targetResourceId"] == prod.one("network-vnet").id
    assert (log["networkWatcherName"], log["resourceGroupName"]) == ("NetworkWatcher_westus3", "NetworkWatcherRG")
    assert log["retentionPolicy"] == {"enabled": True, "days": 365}
    assert "network-write-archive-flow-logs-blob-contributor" in prod.directly_after("network-flow-logs")
    archive = prod.one("telemetry-archive").inputs
    assert archive["allowSharedKeyAccess"] is False
    assert archive["networkRuleSet"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    expiry = prod.one("telemetry-archive-expiry").inputs["policy"]["rules"][0]["definition"]["actions"]
    assert expiry["baseBlob"]["delete"] == {"daysAfterModificationGreaterThan": 1000}
    assert not planned(network=NetworkSpec(flow_logs=False)).all("FlowLog")


def test_an_adopted_network_is_used_and_left_alone(planned: Callable[..., Planned]) -> None:
    plan = planned(
        targets=(target(network=_adopted(egress="firewall")),),
        training=TrainingSpec(),
        network=NetworkSpec(nat="single"),
    )
    for kind in ("VirtualNetwork", "Subnet", "NatGateway", "NetworkSecurityGroup", "FlowLog"):
        assert not plan.all(kind)
    cluster = plan.one("cluster-cluster").inputs
    assert cluster["networkProfile"]["outboundType"] == "userDefinedRouting"
    assert cluster["apiServerAccessProfile"]["subnetId"] == f"{VNET}/subnets/api"
    assert {pool["vnetSubnetID"] for pool in cluster["agentPoolProfiles"]} == {f"{VNET}/subnets/nodes"}
    assert "privatelink.vaultcore.azure.net" not in {step.inputs["privateZoneName"] for step in plan.all("PrivateZone")}
    for field in ("network.nat", "network.flow_logs"):
        assert field in plan.notes()


def test_no_egress_without_a_cluster(planned: Callable[..., Planned]) -> None:
    plan = planned(network=NetworkSpec(nat="none"))
    assert not plan.all("NatGateway")
    assert not plan.all("PublicIPAddress")


def test_zones_in_use() -> None:
    assert zones_in_use(spec()) == ("1", "2")
    assert zones_in_use(spec(environment="prod")) == ("1", "2", "3")
    assert zones_in_use(spec(targets=(target(zones=("3",)),))) == ("3",)
    assert zones_in_use(spec(network=NetworkSpec(zones=2), targets=(target(zones=("3", "1", "2")),))) == ("3", "1")
    assert zones_in_use(spec(targets=(target(location="westus"),))) == ()


def test_a_region_without_zones(planned: Callable[..., Planned]) -> None:
    plan = planned(environment="prod", targets=(target(location="westus"),), training=TrainingSpec())
    assert "westus has no zones" in plan.notes()
    assert [step.inputs.get("zones") for step in plan.all("NatGateway")] == [None]
    pools = plan.one("cluster-cluster").inputs["agentPoolProfiles"]
    assert [(pool["name"], pool.get("availabilityZones")) for pool in pools] == [("system", None)]
    assert plan.one("store-main").inputs["sku"] == {"name": "Standard_LRS"}
    assert plan.one("images-registry").inputs["zoneRedundancy"] == "Disabled"
