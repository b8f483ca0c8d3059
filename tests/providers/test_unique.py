"""A physical name can be used once in its scope."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from mlplatform.plan.model import Plan, PlanNote
from mlplatform.plan.record import PlanRefused, record_program
from mlplatform.providers.accounts import Account
from mlplatform.providers.refusal import ProviderRefused
from mlplatform.providers.unique import UniqueNames
from mlplatform.providers.wire import UNKNOWN
from mlplatform.testing.running import installed, run

ROLE = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/r"
BUCKET, ROLE_TYPE = "aws:s3/bucket:Bucket", "aws:iam/role:Role"
POOL, GKE = "aws:eks/nodeGroup:NodeGroup", "gcp:container/cluster:Cluster"
ACCOUNT, SUBNET = "azure-native:storage:StorageAccount", "azure-native:network:Subnet"
GRANT = "azure-native:authorization:RoleAssignment"
ASSIGNED = {"scope": "/subscriptions/s", "principalId": "p", "roleDefinitionId": ROLE}


@pytest.mark.parametrize(
    ("token", "first", "second"),
    [
        (BUCKET, {"bucket": "models"}, {"bucket": "models", "region": "eu-west-1"}),
        (ROLE_TYPE, {"name": "Train"}, {"name": "train"}),
        (POOL, {"clusterName": "c", "nodeGroupName": "l4"}, {"clusterName": "c", "nodeGroupName": "l4"}),
        (GKE, {"name": "prod", "location": "us-central1"}, {"name": "prod", "location": "us-central1"}),
        (ACCOUNT, {"accountName": "a1", "resourceGroupName": "x"}, {"accountName": "a1", "resourceGroupName": "y"}),
        ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b", "policy": "1"}, {"bucket": "b", "policy": "2"}),
        (GRANT, {**ASSIGNED, "roleAssignmentName": "1"}, {**ASSIGNED, "roleAssignmentName": "2"}),
    ],
)
def test_names_in_use_are_refused(token: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    names = UniqueNames(Account.sample("aws"))
    assert names.add(token, first, "urn:one") is None
    refusal = names.add(token, second, "urn:two")
    assert refusal is not None
    assert "urn:one" in refusal.got


def test_policies_of_a_role_share_their_characters() -> None:
    names = UniqueNames(Account.sample("aws"))
    policy = "aws:iam/rolePolicy:RolePolicy"
    assert names.add(policy, {"role": "r", "policy": "x" * 6_000 + " " * 9_000}, "urn:one") is None
    assert names.add(policy, {"role": "other", "policy": "x" * 6_000}, "urn:other") is None
    assert names.add(policy, {"role": "r", "policy": UNKNOWN}, "urn:unknown") is None
    assert names.add(policy, {"role": "r", "policy": "x" * 4_240}, "urn:two") is None
    refusal = names.add(policy, {"role": "r", "policy": "x"}, "urn:three")
    assert refusal is not None
    assert refusal.got == "10241 characters with the 2 others of r"
    assert "10240 characters of all inline policies of a role" in refusal.expected


@pytest.mark.parametrize(
    ("token", "first", "second"),
    [
        (BUCKET, {"bucket": "models"}, {"bucket": "features"}),
        (POOL, {"clusterName": "c", "nodeGroupName": "l4"}, {"clusterName": "d", "nodeGroupName": "l4"}),
        (POOL, {"clusterName": UNKNOWN, "nodeGroupName": "l4"}, {"clusterName": UNKNOWN, "nodeGroupName": "l4"}),
        (GKE, {"name": "prod", "location": "us-central1"}, {"name": "prod", "location": "europe-west4"}),
        ("aws:sns/topic:Topic", {"name": "t"}, {"name": "t", "region": "eu-west-1"}),
        (SUBNET, {"virtualNetworkName": "a", "subnetName": "s"}, {"virtualNetworkName": "b", "subnetName": "s"}),
        (BUCKET, {}, {}),
        (BUCKET, {"bucket": UNKNOWN}, {"bucket": UNKNOWN}),
        ("aws:grafana/workspace:Workspace", {"name": "g"}, {"name": "g"}),
    ],
)
def test_free_names_are_accepted(token: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    names = UniqueNames(Account.sample("aws"))
    assert names.add(token, first, "urn:one") is None
    assert names.add(token, second, "urn:two") is None


def test_the_region_of_the_provider_counts() -> None:
    names = UniqueNames(Account.sample("aws"))
    topic = ("aws:sns/topic:Topic", {"name": "t"})
    assert names.add(*topic, "urn:one") is None
    assert names.add(*topic, "urn:two", region="eu-west-1") is None
    assert names.add(*topic, "urn:three", region="us-east-1") is not None


def _topics(second: str) -> None:
    home = aws.Provider("home", region="us-east-1")
    other = aws.Provider("other", region=second)
    aws.sns.Topic("one", name="alerts", opts=pulumi.ResourceOptions(provider=home))
    aws.sns.Topic("two", name="alerts", opts=pulumi.ResourceOptions(provider=other))


def _plan(second: str) -> Plan:
    def program() -> tuple[PlanNote, ...]:
        _topics(second)
        return ()

    return record_program(program, account=Account.sample("aws"), stack="test", resolve=True)


def test_a_plan_uses_the_region_of_the_resources_provider() -> None:
    arns = {str(step.outputs["arn"]) for step in _plan("eu-west-1").resources() if step.type.endswith(":Topic")}
    assert arns == {f"arn:aws:sns:{region}:123456789012:alerts" for region in ("us-east-1", "eu-west-1")}
    with pytest.raises(PlanRefused, match="alerts"):
        _plan("us-east-1")


def test_the_mocks_use_the_region_of_the_resources_provider() -> None:
    with installed() as mocks:
        run(lambda: _topics("eu-west-1"))
    arns = {str(topic.outputs["arn"]).split(":")[3] for topic in mocks.of_type("aws:sns/topic:Topic")}
    assert arns == {"us-east-1", "eu-west-1"}
    with installed(), pytest.raises(ProviderRefused, match="alerts"):
        run(lambda: _topics("us-east-1"))


def test_the_same_resource_may_be_added_again() -> None:
    names = UniqueNames(Account.sample("aws"))
    assert names.add(BUCKET, {"bucket": "models"}, "urn:one") is None
    assert names.add(BUCKET, {"bucket": "models"}, "urn:one") is None
