"""Whoever pays for a cluster can use it: a way to its API, the commands for it, and somebody who may administer it."""

from __future__ import annotations

from functools import cache

import pytest

from mlplatform import AccessSpec, PlatformSpec, TrainingSpec, discovery
from mlplatform.mock_cloud.way_in import Caller, NoWayIn, call_api
from mlplatform.plan.record import record
from mlplatform.plan.summary import summarise_plan

from ..conftest import CLOUDS
from ..planned import NAME, Planned

HUB_VNET = (
    "/subscriptions/99999999-1111-4222-8333-444444444444/resourceGroups/hub/providers/Microsoft.Network"
    "/virtualNetworks/hub"
)
TARGETS: dict[str, dict[str, object]] = {
    "aws": {"account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"project": "acme-dev", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "swedencentral",
    },
}
OPERATORS = {
    "aws": "arn:aws:iam::123456789012:role/sso-operator",
    "gcp": "operators@acme.example",
    "azure": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee4",
}
HUBS: dict[str, dict[str, object]] = {
    "aws": {"transit_gateway_id": "tgw-0123456789abcdef0", "cidrs": ["10.0.0.0/16"]},
    "gcp": {"network": "projects/acme-hub/global/networks/hub"},
    "azure": {"vnet_id": HUB_VNET, "link_dns": True},
}
ADOPTED: dict[str, dict[str, object]] = {
    "aws": {
        "vpc_id": "vpc-0123456789abcdef0",
        "subnets": {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"},
        "cidrs": ["10.1.0.0/16"],
    },
    "gcp": {"network": "shared", "subnet": "nodes", "pods_range": "pods", "services_range": "services"},
    "azure": {
        "vnet_id": HUB_VNET,
        "node_subnet_ids": [f"{HUB_VNET}/subnets/nodes"],
        "endpoint_subnet_id": f"{HUB_VNET}/subnets/endpoints",
        "api_subnet_id": f"{HUB_VNET}/subnets/api",
    },
}


def spec(cloud: str, target: dict[str, object] | None = None, **changes: object) -> PlatformSpec:
    """The least platform with a cluster that somebody administers."""
    people = {"operator": [OPERATORS[cloud]]}
    return PlatformSpec.model_validate(
        {
            "name": NAME,
            "environment": "dev",
            "owner": "ml",
            "cost_center": "1",
            "targets": [{"cloud": cloud, **TARGETS[cloud], "people": people, **(target or {})}],
            "training": TrainingSpec(),
            **changes,
        }
    )


@cache
def planned(cloud: str, way: str) -> Planned:
    """The plan with one way in: an entry, or ranges."""
    match way:
        case "public":
            return Planned(record(spec(cloud, training={"api_cidrs": ["203.0.113.0/24"]}), cloud, resolve=True))
        case "peering":
            hub = spec(cloud, {"hub": HUBS[cloud]}, access={"entry": "peering"})
            return Planned(record(hub, cloud, resolve=True))
        case "private":
            ranges = spec(cloud, access={"entry": "none"}, training={"api_cidrs": ["10.8.0.0/16"]})
            return Planned(record(ranges, cloud, resolve=True))
        case _:
            return Planned(record(spec(cloud), cloud, resolve=True))


def commands(plan: Planned) -> list[str]:
    """What a person types, in order."""
    return [str(command) for command in plan.plan.outputs["clusterAccess"]]  # type: ignore[union-attr]


def problems(cloud: str, changed: PlatformSpec) -> dict[str, str]:
    """What the cloud refuses, by path."""
    return {problem.path: problem.expected for problem in discovery.backend(cloud).problems(changed.on(cloud))}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_by_default_a_person_gets_in_by_the_clouds_own_broker(cloud: str) -> None:
    plan = planned(cloud, "broker")
    wanted = {
        "aws": ["aws ssm start-session", "--tls-server-name"],
        "gcp": ["--dns-endpoint"],
        "azure": ["az aks command invoke"],
    }
    shown = commands(plan)
    assert len(shown) == len(wanted[cloud])
    for command, words in zip(shown, wanted[cloud], strict=True):
        assert words in command
    # the plan ends with them, in this order
    steps = summarise_plan(plan.plan, spec(cloud)).steps
    assert [step.partition(": `")[2].rstrip("`") for step in steps[-len(shown) :]] == shown
    assert "access.entry" not in plan.notes()
    assert "operator" not in "".join(note.text for note in plan.plan.notes if "administer" in note.text)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_operator_may_do_what_the_role_promises(cloud: str) -> None:
    plan = planned(cloud, "broker")
    if cloud == "aws":
        rights = plan.document("cluster-entry-operator")
        assert rights["Session"]["Condition"]["StringEquals"] == {  # type: ignore[index]
            "ssm:resourceTag/mlplatform-entry": plan.one("cluster-eks").inputs["name"]
        }
        assert str(rights["Tunnel"]["Resource"]).endswith("document/AWS-StartPortForwardingSessionToRemoteHost")
        assert plan.one("cluster-access-operator-rights").inputs["policyArn"].endswith("ClusterAdminPolicy")  # type: ignore[union-attr]
    elif cloud == "gcp":
        roles = {step.inputs["role"] for step in plan.all("IAMMember") if "operator" in step.name}
        # clusterAdmin may change the cluster, and nothing in it
        assert "roles/container.admin" in roles
    else:
        role = plan.one("cluster-commands").inputs["permissions"][0]["actions"]  # type: ignore[index]
        assert "Microsoft.ContainerService/managedClusters/runcommand/action" in role
        holders = {step.inputs["principalId"] for step in plan.all("RoleAssignment") if "-commands-" in step.name}
        assert holders == {OPERATORS["azure"]}


def test_the_machine_of_sessions_lets_nobody_in() -> None:
    plan = planned("aws", "broker")
    group = plan.one("cluster-entry-group").id
    into = [step for step in plan.all("SecurityGroupIngressRule") if step.inputs["securityGroupId"] == group]
    assert into == []
    out = [step for step in plan.all("SecurityGroupEgressRule") if step.inputs["securityGroupId"] == group]
    assert {step.inputs["cidrIpv4"] for step in out} == {"10.40.0.0/16", "100.64.0.0/16"}
    template = plan.one("cluster-entry-template").inputs
    assert template["metadataOptions"]["httpTokens"] == "required"
    assert template["blockDeviceMappings"][0]["ebs"]["encrypted"] == "true"
    assert "networkInterfaces" not in template  # no public address: the subnets give none
    rule = plan.one("cluster-api-from-entry").inputs
    assert (rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]) == (group, 443, 443)
    # without the endpoints or the NAT it would start, and never answer
    assert "network-endpoint-ssmmessages" in plan.after("cluster-entry")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_public_ranges_need_no_broker(cloud: str) -> None:
    plan = planned(cloud, "public")
    (command,) = commands(plan)
    for words in ("ssm", "--internal-ip", "--dns-endpoint", "--tls-server-name", "command invoke"):
        assert words not in command
    assert plan.plan.outputs["clusterCredentials"] == command
    assert not plan.has("cluster-entry")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_private_ranges_reach_the_private_api_and_open_no_public_one(cloud: str) -> None:
    plan = planned(cloud, "private")
    (command,) = commands(plan)
    if cloud == "aws":
        assert plan.one("cluster-eks").inputs["vpcConfig"]["endpointPublicAccess"] is False
        assert "publicAccessCidrs" not in plan.one("cluster-eks").inputs["vpcConfig"]  # EKS refuses private ones
        assert plan.one("cluster-api-from-10-8-0-0-16").inputs["cidrIpv4"] == "10.8.0.0/16"
        # people in the VPC itself: the cluster's group admits only its nodes
        assert plan.has("cluster-api-from-10-40-0-0-16")
    elif cloud == "gcp":
        cluster = plan.one("cluster-cluster").inputs
        assert cluster["privateClusterConfig"]["enablePrivateEndpoint"] is True
        assert cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"] == [{"cidrBlock": "10.8.0.0/16"}]
        assert cluster["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["allowExternalTraffic"] is False
        assert command.endswith("--internal-ip")
    else:
        access = plan.one("cluster-cluster").inputs["apiServerAccessProfile"]
        assert access["enablePrivateCluster"] is True
        assert access["disableRunCommand"] is True
        assert "authorizedIPRanges" not in access
        rules = plan.one("network-guard-api").inputs["securityRules"]
        assert "10.8.0.0/16" in {rule["sourceAddressPrefix"] for rule in rules}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_hub_is_attached_by_its_id_and_leads_to_the_api(cloud: str) -> None:
    plan = planned(cloud, "peering")
    (command,) = commands(plan)
    assert f"targets[{cloud}].hub" in plan.notes()
    if cloud == "aws":
        assert plan.one("network-hub").inputs["transitGatewayId"] == "tgw-0123456789abcdef0"
        routes = [step for step in plan.all("Route") if step.inputs.get("transitGatewayId")]
        assert {step.inputs["destinationCidrBlock"] for step in routes} == {"10.0.0.0/16"}
        assert len(routes) == 2
        assert all("network-hub" in plan.after(step.name.removeprefix(f"{NAME}-")) for step in routes)
        assert plan.one("cluster-api-from-10-0-0-0-16").inputs["fromPort"] == 443
        assert "--tls-server-name" not in command
    elif cloud == "gcp":
        assert plan.one("network-hub").inputs["peerNetwork"] == "projects/acme-hub/global/networks/hub"
        # the private address is behind another peering, which is not transitive
        assert "--dns-endpoint" in command
        dns = plan.one("cluster-cluster").inputs["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]
        assert dns["allowExternalTraffic"] is True
    else:
        assert plan.one("network-hub").inputs["remoteVirtualNetwork"] == {"id": HUB_VNET}
        assert plan.one("cluster-cluster").inputs["apiServerAccessProfile"]["enablePrivateClusterPublicFQDN"] is True
        assert "--public-fqdn" in command
        assert plan.one("network-zone-vaultcore-azure-net-hub").inputs["virtualNetwork"] == {"id": HUB_VNET}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_entries_that_lead_nowhere_are_refused(cloud: str) -> None:
    hub, where = {"hub": HUBS[cloud]}, f"targets[{cloud}].hub"
    assert "peering" in problems(cloud, spec(cloud, access={"entry": "peering"}))[where]
    assert "no hub" in problems(cloud, spec(cloud, hub))[where]
    assert "training" in problems(cloud, spec(cloud, access={"entry": "broker"}, training=None))["access.entry"]
    adopted = spec(cloud, {"network": ADOPTED[cloud]}, access={"entry": "peering"})
    assert "owner" in problems(cloud, adopted)["access.entry"]
    restricted = spec(cloud, data_class="restricted", training={"api_cidrs": ["203.0.113.0/24", "10.8.0.0/16"]})
    assert "restricted" in problems(cloud, restricted)["training.api_cidrs"]
    assert not problems(cloud, spec(cloud, hub, access={"entry": "peering"}))
    assert not problems(cloud, spec(cloud, {"network": ADOPTED[cloud]}, access={"entry": "broker"}))


def test_a_hubs_ranges_are_outside_the_network() -> None:
    hub = {**HUBS["aws"], "cidrs": ["10.0.0.0/16", "10.40.128.0/20"]}
    found = problems("aws", spec("aws", {"hub": hub}, access={"entry": "peering"}))
    assert list(found) == ["targets[aws].hub.cidrs[1]"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_way_in_and_nobody_who_administers_are_told(cloud: str) -> None:
    alone = spec(cloud, {"people": {}}, access=AccessSpec(entry="none"))
    notes = Planned(record(alone, cloud)).notes()
    assert "nobody can administer the cluster" in notes
    assert "access.entry: the cluster's API answers only inside its network" in notes


def _call(cloud: str, plan: Planned, typed: list[str], **where: object) -> str:
    caller = Caller(person=OPERATORS[cloud], **where)  # type: ignore[arg-type]
    return call_api(cloud, plan.plan.resources(), typed, caller)


ADMIN = {
    "aws": "AmazonEKSClusterAdminPolicy",
    "gcp": "roles/container.admin",
    "azure": "Azure Kubernetes Service RBAC Cluster Admin",
}
WHERE: dict[str, dict[str, object]] = {
    "broker": {},
    "public": {"address": "203.0.113.9"},
    "private": {"address": "10.8.0.9", "inside": True},
    "peering": {"address": "10.0.0.9", "inside": True},
}


@pytest.mark.parametrize("way", WHERE)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_commands_of_the_plan_lead_to_the_api_and_no_others_do(cloud: str, way: str) -> None:
    plan = planned(cloud, way)
    typed = commands(plan)
    assert _call(cloud, plan, typed, **WHERE[way]) == ADMIN[cloud]
    with pytest.raises(NoWayIn):
        call_api(cloud, plan.plan.resources(), typed, Caller(person="nobody@acme.example", **WHERE[way]))  # type: ignore[arg-type]
    if way in ("public", "private"):
        with pytest.raises(NoWayIn):
            _call(cloud, plan, typed)  # from anywhere else
    # what another way shows does not work here, unless it is the same
    for other in WHERE:
        shown = commands(planned(cloud, other))
        if shown != typed and (cloud, way, other) not in (("gcp", "peering", "broker"), ("gcp", "broker", "peering")):
            with pytest.raises(NoWayIn):
                _call(cloud, plan, shown)


def test_a_session_needs_the_tunnel_and_the_agents_way_to_its_service() -> None:
    plan = planned("aws", "broker")
    tunnel, credentials = commands(plan)
    with pytest.raises(NoWayIn, match="no tunnel"):
        _call("aws", plan, [credentials])
    cut = [
        step
        for step in plan.plan.resources()
        if not step.inputs.get("natGatewayId") and not str(step.inputs.get("serviceName")).endswith("ssmmessages")
    ]
    with pytest.raises(NoWayIn, match="ssmmessages"):
        call_api("aws", cut, [tunnel, credentials], Caller(person=OPERATORS["aws"]))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_commands_nobody_gets_in(cloud: str) -> None:
    with pytest.raises(NoWayIn, match="timed out"):
        _call(cloud, planned(cloud, "broker"), [])
