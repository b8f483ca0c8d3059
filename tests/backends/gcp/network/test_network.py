"""The network is private: fixed ways out, private ways to Google's services, one way in."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import GpuPoolSpec, NetworkSpec, TrainingSpec

from ....planned import Planned
from ..conftest import PROJECT, target


def test_the_network_has_no_routes_and_subnets_but_its_own(prod: Planned) -> None:
    vpc = prod.one("network-vpc").inputs
    assert (vpc["autoCreateSubnetworks"], vpc["deleteDefaultRoutesOnCreate"]) == (False, True)
    routes = {str(step.inputs["destRange"]) for step in prod.all("Route")}
    assert routes == {"0.0.0.0/0", "199.36.153.8/30"}


def test_subnets_log_flows_and_reach_google_privately(prod: Planned) -> None:
    for name in ("network-nodes", "network-apps"):
        subnet = prod.one(name).inputs
        assert subnet["privateIpGoogleAccess"] is True
        assert subnet["logConfig"]["metadata"] == "INCLUDE_ALL_METADATA"  # type: ignore[index]
    nodes = prod.one("network-nodes").inputs
    assert nodes["ipCidrRange"] == "10.40.0.0/17"
    assert nodes["secondaryIpRanges"] == [
        {"rangeName": "pods", "ipCidrRange": "100.64.0.0/16"},
        {"rangeName": "services", "ipCidrRange": "172.20.0.0/16"},
    ]


def test_flow_logs_can_be_left_out(planned: Callable[..., Planned]) -> None:
    assert planned(network=NetworkSpec(flow_logs=False)).one("network-nodes").inputs.get("logConfig") is None


def test_production_leaves_by_an_address_per_zone(prod: Planned, least: Planned) -> None:
    nat = prod.one("network-nat").inputs
    assert (nat["natIpAllocateOption"], len(nat["natIps"])) == ("MANUAL_ONLY", 3)  # type: ignore[arg-type]
    assert (nat["enableDynamicPortAllocation"], nat["enableEndpointIndependentMapping"]) == (True, False)
    assert len(least.one("network-nat").inputs["natIps"]) == 1  # type: ignore[arg-type]


def test_without_nat_there_is_no_way_to_the_internet(planned: Callable[..., Planned]) -> None:
    closed = planned(network=NetworkSpec(nat="none"))
    assert not closed.all("RouterNat")
    assert {step.inputs["destRange"] for step in closed.all("Route")} == {"199.36.153.8/30"}


def test_googles_names_are_private_before_nodes_start(prod: Planned) -> None:
    zones = {str(step.inputs["dnsName"]): step.inputs["visibility"] for step in prod.all("ManagedZone")}
    assert {"googleapis.com.", "pkg.dev.", "gcr.io.", "run.app."} <= set(zones)
    assert set(zones.values()) == {"private"}
    record = prod.one("network-googleapis-com-addresses").inputs
    assert record["rrdatas"] == ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
    assert prod.one("network-googleapis-com-names").inputs["rrdatas"] == [record["name"]]
    assert {"network-pkg-dev-names", "network-nat", "network-route-internet"} <= prod.after("cluster-cluster")


def test_private_endpoints_can_be_left_out(planned: Callable[..., Planned]) -> None:
    assert not planned(network=NetworkSpec(private_endpoints=False)).all("ManagedZone")


def test_nothing_comes_in_but_webhooks_from_the_nodes_subnet(prod: Planned) -> None:
    rules = [step.inputs for step in prod.all("Firewall") if "fabric" not in step.name]
    assert len(rules) == 1
    assert (rules[0]["sourceRanges"], rules[0]["targetTags"]) == (["10.40.0.0/17"], ["acme-ml-prod-node"])
    assert rules[0]["allows"] == [{"protocol": "tcp", "ports": ["8443", "9443", "15017"]}]
    for step in prod.all("Firewall"):
        assert "0.0.0.0/0" not in step.inputs["sourceRanges"]  # type: ignore[operator]


def test_an_adopted_network_is_used_as_it_is(planned: Callable[..., Planned]) -> None:
    network = {
        "network": "shared",
        "subnet": "ml",
        "pods_range": "ml-pods",
        "services_range": "ml-services",
        "project": "acme-host",
    }
    adopted = planned(
        targets=(target(network=network),),
        training=TrainingSpec(pools=(GpuPoolSpec(name="vision", accelerator="L4:1", max_nodes=1),)),
    )
    assert not adopted.all("Network")
    assert not adopted.all("Firewall")
    cluster = adopted.one("cluster-cluster").inputs
    assert cluster["network"] == "projects/acme-host/global/networks/shared"
    assert cluster["subnetwork"] == "projects/acme-host/regions/us-central1/subnetworks/ml"
    assert cluster["ipAllocationPolicy"] == {
        "clusterSecondaryRangeName": "ml-pods",
        "servicesSecondaryRangeName": "ml-services",
    }
    assert cluster["workloadIdentityConfig"] == {"workloadPool": f"{PROJECT}.svc.id.goog"}
