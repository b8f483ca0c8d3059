"""What a landing zone usually forbids is told with the plan, and each way round really leads round."""

from __future__ import annotations

from functools import cache

import pytest

from mlplatform import PlatformSpec
from mlplatform.plan.organisation import POLICIES, policy_obstacles
from mlplatform.plan.record import record
from mlplatform.providers.schema import resource_schema

TARGETS: dict[str, dict[str, object]] = {
    "aws": {"account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"project": "acme-dev", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "swedencentral",
    },
}


@cache
def obstacles(cloud: str, changed: bool) -> dict[str, tuple[str, ...]]:
    """Policies that would refuse something, with the resources: of the least platform, and with every way round."""
    target = {"cloud": cloud, **TARGETS[cloud]}
    more: dict[str, object] = {}
    if changed:
        more = {
            "artifact_store": {"access_logs": False},
            "network": {"nat": "none"},
            "access": {"entry": "none"},
        }
        target |= {"audit_logs": True} if cloud == "gcp" else {}
    else:
        more = {"access": {"ci": {"repository": "acme/ml", "owner_id": "123456", "repository_id": "456789"}}}
    if cloud == "azure":
        more.pop("network", None)
        more["training"] = {}
    spec = PlatformSpec.model_validate(
        {"name": "acme", "environment": "dev", "owner": "ml", "cost_center": "1", "targets": [target], **more}
    )
    return {one.policy.name: one.names for one in policy_obstacles(record(spec, cloud))}


@pytest.mark.parametrize("cloud", TARGETS)
def test_the_least_platform_says_what_would_stop_it(cloud: str) -> None:
    wanted = {
        "aws": {"deny ec2:CreateVpc", "deny ec2:AttachInternetGateway", "deny iam:CreateOpenIDConnectProvider"},
        "gcp": {
            "constraints/iam.allowedPolicyMemberDomains",
            "constraints/iam.workloadIdentityPoolProviders",
            "constraints/compute.restrictCloudNATUsage",
        },
        "azure": {
            "Not allowed resource types: public IP addresses",
            "Deny-Private-DNS-Zones",
            "Azure Kubernetes Service Clusters should disable Command Invoke",
        },
    }
    assert set(obstacles(cloud, False)) == wanted[cloud]


@pytest.mark.parametrize(
    ("cloud", "left"),
    [
        ("aws", {"deny ec2:CreateVpc"}),
        ("gcp", set[str]()),
        ("azure", {"Not allowed resource types: public IP addresses", "Deny-Private-DNS-Zones"}),
    ],
)
def test_the_ways_round_lead_round(cloud: str, left: set[str]) -> None:
    # what is left needs an existing network
    assert set(obstacles(cloud, True)) == left


def test_every_type_of_the_table_exists() -> None:
    for policy in POLICIES:
        for token in policy.types:
            assert resource_schema(token) is not None, token
