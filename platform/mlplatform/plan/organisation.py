"""Policies of organisations that would stop a plan: what a landing zone usually forbids of the planned resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Plan, Step


@dataclass(frozen=True, slots=True)
class UsualPolicy:
    """A policy that many organisations have, and the resources that it refuses."""

    name: str
    """The cloud's name of the policy, or of the call that is denied."""

    types: tuple[str, ...]
    """Type tokens of the resources that it may refuse."""

    refuses: Callable[[Step], bool]
    """Whether it refuses a resource of these types."""

    reason: str
    """What it refuses in the plan, in a few words."""

    way_round: str
    """Field and value with which the plan does without, or what the policy must allow."""

    source: str
    """The vendor's page."""


@dataclass(frozen=True, slots=True)
class PolicyObstacle:
    """A usual policy, and what it would refuse in a plan."""

    policy: UsualPolicy
    """The policy."""

    names: tuple[str, ...]
    """Logical names of the resources, sorted."""


def policy_obstacles(plan: Plan) -> tuple[PolicyObstacle, ...]:
    """The usual policies that would refuse something in a plan; whether an organisation has them, no plan can know."""
    return tuple(_obstacles(plan))


def _obstacles(plan: Plan) -> Iterator[PolicyObstacle]:
    steps = plan.resources()
    for policy in POLICIES:
        names = sorted(step.name for step in steps if step.type in policy.types and policy.refuses(step))
        if names:
            yield PolicyObstacle(policy, tuple(names))


def _always(step: Step) -> bool:
    del step
    return True


def _foreign(step: Step) -> bool:
    return str(step.inputs.get("member", "")) in ("allUsers", "allAuthenticatedUsers") or str(
        step.inputs.get("member", "")
    ).endswith("@google.com")


def _open_ingress(step: Step) -> bool:
    return step.inputs.get("ingress", "INGRESS_TRAFFIC_ALL") == "INGRESS_TRAFFIC_ALL"


def _allows_commands(step: Step) -> bool:
    return value_at(step.inputs, "apiServerAccessProfile", "disableRunCommand") is not True


def _outside(step: Step) -> bool:
    return value_at(step.inputs, "vnetConfiguration", "internal") is not True


_GCP = "https://docs.cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints"
_AZURE = "https://learn.microsoft.com/azure/governance/policy/samples/built-in-policies"
_SCP = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html"

POLICIES: tuple[UsualPolicy, ...] = (
    UsualPolicy(
        "constraints/iam.allowedPolicyMemberDomains",
        ("gcp:storage/bucketIAMMember:BucketIAMMember",),
        _foreign,
        "a group of Google's delivers the stores' access logs",
        "set artifact_store.access_logs to false, and the target's audit_logs to true to log access all the same; or "
        "let the policy allow google.com",
        "https://docs.cloud.google.com/resource-manager/docs/organization-policy/restricting-domains",
    ),
    UsualPolicy(
        "constraints/iam.allowedPolicyMemberDomains",
        ("gcp:cloudrunv2/serviceIamMember:ServiceIamMember",),
        _foreign,
        "everybody may call an endpoint",
        "leave the endpoint's exposure private",
        "https://docs.cloud.google.com/resource-manager/docs/organization-policy/restricting-domains",
    ),
    UsualPolicy(
        "constraints/run.allowedIngress",
        ("gcp:cloudrunv2/service:Service",),
        _open_ingress,
        "a service of Cloud Run answers the internet",
        "leave the endpoint's exposure private",
        _GCP,
    ),
    UsualPolicy(
        "constraints/iam.workloadIdentityPoolProviders",
        ("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",),
        _always,
        "CI logs in with tokens of its own issuer",
        "let the policy allow the issuer, or leave access.ci out",
        _GCP,
    ),
    UsualPolicy(
        "constraints/compute.restrictCloudNATUsage",
        ("gcp:compute/routerNat:RouterNat",),
        _always,
        "nodes reach the internet by Cloud NAT",
        "set network.nat to none, or name an existing network with egress in the target",
        _GCP,
    ),
    UsualPolicy(
        "constraints/compute.restrictVpcPeering",
        ("gcp:compute/networkPeering:NetworkPeering",),
        _always,
        "the network is peered with the hub",
        "let the policy allow the hub's network, or set access.entry to broker",
        _GCP,
    ),
    UsualPolicy(
        "deny ec2:CreateVpc",
        ("aws:ec2/vpc:Vpc",),
        _always,
        "landing zones often make networks themselves",
        "name the existing VPC in the target's network",
        _SCP,
    ),
    UsualPolicy(
        "deny ec2:AttachInternetGateway",
        ("aws:ec2/internetGateway:InternetGateway",),
        _always,
        "the network has a way to the internet of its own",
        "set network.nat to none without pull_through registries, or name an existing VPC with egress in the target",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_vpc.html",
    ),
    UsualPolicy(
        "deny iam:CreateOpenIDConnectProvider",
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider",),
        _always,
        "CI logs in by a provider that the account may have already",
        "name the existing one in the target's oidc_provider_arn",
        _SCP,
    ),
    UsualPolicy(
        "deny cloudtrail:CreateTrail",
        ("aws:cloudtrail/trail:Trail",),
        _always,
        "the organisation has a trail of its own",
        "set the target's audit_trail to false",
        _SCP,
    ),
    UsualPolicy(
        "Not allowed resource types: public IP addresses",
        ("azure-native:network:PublicIPAddress",),
        _always,
        "NAT gateways have public addresses",
        "name an existing network with egress to a firewall in the target",
        _AZURE,
    ),
    UsualPolicy(
        "Deny-Private-DNS-Zones",
        ("azure-native:privatedns:PrivateZone",),
        _always,
        "landing zones often have central zones of these names",
        "name an existing network and its dns_zone_ids in the target",
        "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/private-link-and-dns-integration-at-scale",
    ),
    UsualPolicy(
        "Azure Kubernetes Service Clusters should disable Command Invoke",
        ("azure-native:containerservice:ManagedCluster",),
        _allows_commands,
        "people reach the cluster by run-command",
        "set access.entry to peering, or to none with a connection of your own",
        "https://learn.microsoft.com/azure/aks/policy-reference",
    ),
    UsualPolicy(
        "Deny-VNET-Peer-Cross-Sub",
        ("azure-native:network:VirtualNetworkPeering",),
        _always,
        "the network is peered with the hub",
        "let the policy allow the hub's subscription, or set access.entry to broker",
        _AZURE,
    ),
    UsualPolicy(
        "Container Apps environment should disable public network access",
        ("azure-native:app:ManagedEnvironment",),
        _outside,
        "an endpoint answers the internet",
        "leave the exposure of endpoints that scale to zero private",
        "https://learn.microsoft.com/azure/container-apps/policy-reference",
    ),
)
"""Policies by name; each names what the platform can do without."""
