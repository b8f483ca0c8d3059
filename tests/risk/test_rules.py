"""Each rule: something dangerous is found, something harmless is not, and what is not its business is left alone."""

from __future__ import annotations

import json

import pytest

from mlplatform.plan.model import Step
from mlplatform.risk.catalogue import all_rules

from .conftest import found, step

BUCKET = "aws:s3/bucket:Bucket"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
POOL = "gcp:container/nodePool:NodePool"


def policy(*actions: str, resource: str = "arn:aws:s3:::acme/*", **more: object) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]})


def lifecycle(days: int) -> dict[str, object]:
    return {"rules": [{"id": "old", "status": "Enabled", "expiration": {"days": days}}]}


LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
MEMBER = "gcp:projects/iAMMember:IAMMember"
OWNER = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

CASES: list[tuple[str, str, list[Step], list[Step], list[tuple[str, str, str]]]] = [
    # rule, what it shows, before, after, level + resource + path
    ("stateful-deleted", "a bucket", [step(BUCKET, "data")], [], [("critical", "data", "")]),
    (
        "stateful-deleted",
        "a bucket that stays in the cloud",
        [step(BUCKET, "data", retain_on_delete=True)],
        [],
        [("medium", "data", "")],
    ),
    ("stateful-deleted", "a role holds nothing", [step("aws:iam/role:Role", "r")], [], []),
    ("stateful-deleted", "a bucket that stays", [step(BUCKET, "data")], [step(BUCKET, "data")], []),
    (
        "stateful-replaced",
        "a bucket under another name",
        [step(BUCKET, "data", {"bucket": "acme-a"})],
        [step(BUCKET, "data", {"bucket": "acme-b"})],
        [("critical", "data", "bucket")],
    ),
    (
        "stateful-replaced",
        "tags change in place",
        [step(BUCKET, "data", {"tags": {"a": "1"}})],
        [step(BUCKET, "data", {"tags": {"a": "2"}})],
        [],
    ),
    (
        "retention-shortened",
        "fewer days",
        [step(LIFECYCLE, "l", lifecycle(90))],
        [step(LIFECYCLE, "l", lifecycle(30))],
        [("high", "l", "rules[0].expiration.days")],
    ),
    (
        "retention-shortened",
        "moved to a cheaper class earlier",
        [step(LIFECYCLE, "l", {"rules": [{"transitions": [{"days": 90, "storageClass": "GLACIER_IR"}]}]})],
        [step(LIFECYCLE, "l", {"rules": [{"transitions": [{"days": 30, "storageClass": "GLACIER_IR"}]}]})],
        [],
    ),
    (
        "retention-shortened",
        "more days",
        [step(LIFECYCLE, "l", lifecycle(30))],
        [step(LIFECYCLE, "l", lifecycle(90))],
        [],
    ),
    (
        "retention-shortened",
        "a duration",
        [step("gcp:storage/bucket:Bucket", "b", {"softDeletePolicy": {"retentionDurationSeconds": 604800}})],
        [step("gcp:storage/bucket:Bucket", "b", {"softDeletePolicy": {"retentionDurationSeconds": 0}})],
        [("high", "b", "softDeletePolicy.retentionDurationSeconds")],
    ),
    (
        "retention-shortened",
        "logs",
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"retentionInDays": 365})],
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"retentionInDays": 30})],
        [("high", "g", "retentionInDays")],
    ),
    (
        "protection-off",
        "no longer protected",
        [step(BUCKET, "data", protect=True)],
        [step(BUCKET, "data")],
        [("high", "data", "")],
    ),
    (
        "protection-off",
        "the cloud's own protection",
        [step("gcp:container/cluster:Cluster", "c", {"deletionProtection": True})],
        [step("gcp:container/cluster:Cluster", "c", {"deletionProtection": False})],
        [("high", "c", "deletionProtection")],
    ),
    ("protection-off", "made protected", [step(BUCKET, "data")], [step(BUCKET, "data", protect=True)], []),
    ("service-deleted", "an endpoint", [step(ENDPOINT, "fraud")], [], [("high", "fraud", "")]),
    ("service-deleted", "an API that is turned off", [step("gcp:projects/service:Service", "api")], [], []),
    (
        "service-replaced",
        "a node pool in a fixed name",
        [step(POOL, "p", {"name": "a", "location": "x", "cluster": "c"}, delete_before_replace=True)],
        [step(POOL, "p", {"name": "b", "location": "x", "cluster": "c"}, delete_before_replace=True)],
        [("high", "p", "name")],
    ),
    (
        "nodes-recycled",
        "a newer version",
        [step("aws:eks/cluster:Cluster", "c", {"version": "1.33"})],
        [step("aws:eks/cluster:Cluster", "c", {"version": "1.34"})],
        [("medium", "c", "version")],
    ),
    (
        "nodes-recycled",
        "more nodes",
        [step(POOL, "p", {"autoscaling": {"maxNodeCount": 4}})],
        [step(POOL, "p", {"autoscaling": {"maxNodeCount": 8}})],
        [],
    ),
    (
        "access-widened",
        "one more action",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject", "s3:PutObject")})],
        [("medium", "p", "")],
    ),
    (
        "access-widened",
        "a whole service",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:*")})],
        [("high", "p", "")],
    ),
    (
        "access-widened",
        "one action less",
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject", "s3:PutObject")})],
        [step(ROLE_POLICY, "p", {"role": "r", "policy": policy("s3:GetObject")})],
        [],
    ),
    (
        "access-widened",
        "everybody",
        [],
        [step("gcp:storage/bucketIAMMember:BucketIAMMember", "m", {"bucket": "b", "role": "r", "member": "allUsers"})],
        [("critical", "m", "")],
    ),
    (
        "access-widened",
        "an owner",
        [],
        [step(ASSIGNMENT, "a", {"principalId": "p", "roleDefinitionId": OWNER, "scope": "/subscriptions/s"})],
        [("high", "a", "")],
    ),
    (
        "access-widened",
        "a new identity brings its rights",
        [],
        [
            step(
                "gcp:serviceaccount/account:Account",
                "new",
                outputs={"member": "serviceAccount:new@acme.iam.gserviceaccount.com"},
            ),
            step(MEMBER, "m", {"role": "roles/x", "member": "serviceAccount:new@acme.iam.gserviceaccount.com"}),
        ],
        [("low", "m", "")],
    ),
    ("access-widened", "a bucket grants nothing", [], [step(BUCKET, "data")], []),
    (
        "network-opened",
        "the world",
        [],
        [step(INGRESS, "i", {"cidrIpv4": "0.0.0.0/0"})],
        [("critical", "i", "cidrIpv4")],
    ),
    (
        "network-opened",
        "the own network",
        [],
        [step(INGRESS, "i", {"cidrIpv4": "10.0.0.0/8"})],
        [("low", "i", "cidrIpv4")],
    ),
    (
        "network-opened",
        "one office more",
        [step("aws:eks/cluster:Cluster", "c", {"vpcConfig": {"publicAccessCidrs": ["198.51.100.0/28"]}})],
        [step("aws:eks/cluster:Cluster", "c", {"vpcConfig": {"publicAccessCidrs": ["198.51.100.0/28", "8.8.8.8/32"]}})],
        [("medium", "c", "vpcConfig.publicAccessCidrs")],
    ),
    (
        "network-opened",
        "going out",
        [],
        [step("gcp:compute/firewall:Firewall", "f", {"direction": "EGRESS", "sourceRanges": ["0.0.0.0/0"]})],
        [],
    ),
    (
        "made-public",
        "a registry",
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Disabled"})],
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Enabled"})],
        [("high", "r", "publicNetworkAccess")],
    ),
    (
        "made-public",
        "closed",
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Enabled"})],
        [step("azure-native:containerregistry:Registry", "r", {"publicNetworkAccess": "Disabled"})],
        [],
    ),
    (
        "encryption-weakened",
        "no own key",
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {"kmsKeyId": "arn:k"})],
        [step("aws:cloudwatch/logGroup:LogGroup", "g", {})],
        [("high", "g", "kmsKeyId")],
    ),
    (
        "encryption-weakened",
        "an older protocol",
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_2"})],
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_0"})],
        [("high", "s", "minimumTlsVersion")],
    ),
    (
        "encryption-weakened",
        "a newer protocol",
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_2"})],
        [step("azure-native:storage:StorageAccount", "s", {"minimumTlsVersion": "TLS1_3"})],
        [],
    ),
    (
        "renamed",
        "another logical name, the same bucket",
        [step(BUCKET, "data", {"bucket": "acme-data"})],
        [step(BUCKET, "store", {"bucket": "acme-data"})],
        [("critical", "store", "")],
    ),
    (
        "renamed",
        "another bucket",
        [step(BUCKET, "data", {"bucket": "acme-data"})],
        [step(BUCKET, "store", {"bucket": "acme-store"})],
        [],
    ),
]


@pytest.mark.parametrize(("rule", "before", "after", "expected"), [(c[0], c[2], c[3], c[4]) for c in CASES],
                         ids=[f"{c[0]}: {c[1]}" for c in CASES])  # fmt: skip
def test_a_rule(rule: str, before: list[Step], after: list[Step], expected: list[tuple[str, str, str]]) -> None:
    (wanted,) = (one for one in all_rules() if one.id == rule)
    assert found(before, after, wanted) == expected


def test_every_rule_has_cases() -> None:
    elsewhere = {"check-regressed", "cost-up", "quota-up"}
    assert {case[0] for case in CASES} | elsewhere == {rule.id for rule in all_rules()}
