"""The network is private, spreads over zones, and exists before its nodes."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

from mlplatform import NetworkSpec, TrainingSpec
from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork
from mlplatform.backends.aws.network.address_plan import plan_addresses

from ....planned import Planned
from ..conftest import target

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


def test_ranges_never_overlap_and_stay_when_a_zone_is_added() -> None:
    for prefix in (16, 20):
        cidr, pods = IPv4Network(f"10.40.0.0/{prefix}"), IPv4Network(f"100.64.0.0/{prefix}")
        three = plan_addresses(ZONES, cidr, pods)
        assert plan_addresses(ZONES[:2], cidr, pods) == three[:2]
        ranges = [IPv4Network(text) for zone in three for text in (zone.private, zone.public, zone.pods)]
        assert not [pair for pair in combinations(ranges, 2) if pair[0].overlaps(pair[1])]
        assert all(part.subnet_of(cidr) or part.subnet_of(pods) for part in ranges)


def test_names_resolve_and_the_default_group_is_closed(prod: Planned) -> None:
    vpc = prod.one("network-vpc").inputs
    assert (vpc["enableDnsSupport"], vpc["enableDnsHostnames"]) == (True, True)
    closed = prod.one("network-default-group").inputs
    assert not {"ingress", "egress"} & set(closed)


def test_no_subnet_gives_public_addresses(prod: Planned) -> None:
    subnets = prod.all("Subnet")
    assert len(subnets) == 9
    assert {subnet.inputs["mapPublicIpOnLaunch"] for subnet in subnets} == {False}


def test_production_has_a_gateway_in_each_zone_and_routes_to_its_own(prod: Planned) -> None:
    assert len(prod.all("NatGateway")) == 3
    for zone in ZONES:
        assert f"network-nat-{zone}" in prod.directly_after(f"network-private-{zone}-route")
        assert (
            f"network-nat-{zone}" not in prod.directly_after("network-private-us-east-1a-route") or zone == "us-east-1a"
        )
        assert "network-public-route" in prod.directly_after(f"network-nat-{zone}")
        table = prod.one(f"network-private-{zone}-table").id
        for role in ("private", "pods"):
            assert prod.one(f"network-{role}-{zone}-routes").inputs["routeTableId"] == table


def test_pods_have_a_range_of_their_own_that_the_network_add_on_finds(prod: Planned) -> None:
    for zone in ZONES:
        subnet = prod.one(f"network-pods-{zone}")
        assert subnet.inputs["tags"]["kubernetes.io/role/cni"] == "1"
        assert "network-pod-range" in prod.directly_after(f"network-pods-{zone}")


def test_development_has_two_zones_and_one_gateway(least: Planned) -> None:
    assert len(least.all("NatGateway")) == 1
    assert len(least.all("Subnet")) == 3, "two private ones, one public, none for pods without a cluster"
    for zone in ZONES[:2]:
        assert "network-nat-us-east-1a" in least.directly_after(f"network-private-{zone}-route")


def test_without_gateways_nothing_reaches_the_internet(planned) -> None:
    plan = planned(training=TrainingSpec(), network=NetworkSpec(nat="none"))
    assert not plan.all("InternetGateway")
    assert not plan.all("Route")
    assert len(plan.all("VpcEndpoint")) > 10


def test_endpoints_follow_what_is_used(prod: Planned, least: Planned) -> None:
    def services(plan: Planned) -> set[str]:
        return {
            str(step.inputs["serviceName"]).removeprefix("com.amazonaws.us-east-1.") for step in plan.all("VpcEndpoint")
        }

    assert {"s3", "ecr.api", "ecr.dkr", "sts", "kms", "logs"} <= services(least)
    assert not {"eks", "eks-auth", "sagemaker.runtime"} & services(least)
    assert {"eks", "eks-auth", "autoscaling", "ec2", "aps-workspaces"} <= services(prod)
    for endpoint in prod.all("VpcEndpoint"):
        if endpoint.inputs["vpcEndpointType"] == "Interface":
            assert endpoint.inputs["privateDnsEnabled"] is True
            assert len(endpoint.inputs["subnetIds"]) == 3


def test_security_group_rules_are_narrow_and_described(prod: Planned) -> None:
    for rule in (*prod.all("SecurityGroupIngressRule"), *prod.all("SecurityGroupEgressRule")):
        assert rule.inputs["description"]
        if rule.inputs["ipProtocol"] == "-1":
            assert rule.inputs["referencedSecurityGroupId"] == rule.inputs["securityGroupId"]
        else:
            assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
        assert rule.inputs.get("cidrIpv4") != "0.0.0.0/0"
    for group in prod.all("SecurityGroup"):
        assert not {"ingress", "egress"} & set(group.inputs)


def test_every_connection_is_recorded_for_the_log_retention(prod: Planned) -> None:
    log = prod.one("network-flow-log")
    assert log.inputs["trafficType"] == "ALL"
    assert "network-flow-logs-rights" in prod.directly_after("network-flow-log")
    group = prod.one("network-flow-logs").inputs
    assert group["retentionInDays"] == 400, "370 is asked for, 400 is the next that CloudWatch Logs has"
    assert group["kmsKeyId"] == prod.one("keys-monitoring").outputs["arn"]
    assert "does not offer 370 days: logs are kept 400 days" in prod.notes()


def test_switched_off_means_none(planned) -> None:
    plan = planned(network=NetworkSpec(private_endpoints=False, flow_logs=False))
    assert not plan.all("VpcEndpoint")
    assert not plan.all("FlowLog")
    assert plan.one("network-workloads-to-anywhere").inputs["cidrIpv4"] == "0.0.0.0/0"


def test_an_adopted_network_is_used_and_not_changed(planned) -> None:
    subnets = {zone: f"subnet-0123456789abcdef{index}" for index, zone in enumerate(ZONES[:2])}
    adopted = AwsAdoptedNetwork(vpc_id="vpc-0123456789abcdef0", subnets=subnets, cidrs=("10.0.0.0/16",))
    plan = planned(training=TrainingSpec(), targets=(target(network=adopted),))
    for kind in ("Vpc", "Subnet", "NatGateway", "VpcEndpoint", "FlowLog", "RouteTable", "DefaultSecurityGroup"):
        assert not plan.all(kind)
    assert plan.one("cluster-eks").inputs["vpcConfig"]["subnetIds"] == list(subnets.values())
    assert "is used as it is" in plan.notes()
