"""The mock cloud keeps resources, and refuses by its tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.plan.model import Plan
from mlplatform.providers.schema import resource_schema

MakeCloud = Callable[[str], Cloud]
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROLE = "aws:iam/role:Role"
BUCKET = "aws:s3/bucket:Bucket"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
RING = "gcp:kms/keyRing:KeyRing"
VAULT = "azure-native:keyvault:Vault"
GROUP = "azure-native:resources:ResourceGroup"
POOL = "azure-native:containerservice:AgentPool"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def test_create_read_update_and_delete(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    made = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    assert made.id.startswith("vpc-")
    assert str(made.outputs["arn"]).endswith(made.id)
    assert aws.read(VPC, made.id) is made
    changed = aws.update(VPC, made.id, {"cidrBlock": "10.0.0.0/16", "enableDnsSupport": True})
    assert changed.id == made.id
    assert changed.outputs["enableDnsSupport"] is True
    aws.delete(VPC, made.id)
    assert aws.read(VPC, made.id) is None
    aws.delete(VPC, made.id)
    with pytest.raises(CloudRefused, match="does not exist"):
        aws.update(VPC, made.id, {})
    assert aws.counts == {"create": 1, "update": 1, "delete": 1}


def test_generated_ids_are_never_used_twice(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    ids: set[str] = set()
    for _ in range(3):
        held = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
        ids.add(held.id)
        aws.delete(VPC, held.id)
    assert len(ids) == 3


def test_a_family_of_task_definitions_has_many_revisions(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    inputs = {"family": "door", "containerDefinitions": '[{"name": "door", "image": "door:1"}]'}
    first = aws.create(TASK, "task", inputs)
    second = aws.create(TASK, "task", {**inputs, "containerDefinitions": '[{"name": "door", "image": "door:2"}]'})
    arns = [str(held.outputs["arn"]) for held in (first, second)]
    assert len(set(arns)) == 2
    assert all(":task-definition/door:" in arn for arn in arns)
    aws.delete(TASK, first.id)
    assert aws.read(TASK, second.id) is second


def test_a_name_is_in_use_until_its_resource_is_deleted(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    first = aws.create(ROLE, "one", {"name": "worker", "assumeRolePolicy": TRUST})
    with pytest.raises(CloudRefused, match="already exists: worker") as refused:
        aws.create(ROLE, "two", {"name": "Worker", "assumeRolePolicy": TRUST})
    assert "import it" in refused.value.cause
    aws.delete(ROLE, first.id)
    assert aws.create(ROLE, "two", {"name": "Worker", "assumeRolePolicy": TRUST}).name == "two"


def test_a_put_takes_over_an_existing_resource(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    aws.create(BUCKET, "store", {"bucket": "acme-store"})
    token = "aws:s3/bucketVersioning:BucketVersioning"
    for status in ("Enabled", "Suspended"):
        aws.create(token, "versioning", {"bucket": "acme-store", "versioningConfiguration": {"status": status}})
    (held,) = [held for held in aws.contents() if held.token == token]
    assert held.inputs["versioningConfiguration"] == {"status": "Suspended"}


def test_a_singleton_exists_once_in_its_place(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    vpc = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    gateway = "aws:ec2/internetGateway:InternetGateway"
    aws.create(gateway, "one", {"vpcId": vpc.id})
    with pytest.raises(CloudRefused, match=r"Resource\.AlreadyAssociated"):
        aws.create(gateway, "two", {"vpcId": vpc.id})


def test_a_resource_in_use_is_not_deleted(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    vpc = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    subnet = aws.create(SUBNET, "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    with pytest.raises(CloudRefused, match=r"DependencyViolation: The vpc .* has dependencies") as refused:
        aws.delete(VPC, vpc.id)
    assert "subnet (aws:ec2/subnet:Subnet) still uses it" in refused.value.cause
    aws.delete(SUBNET, subnet.id)
    aws.delete(VPC, vpc.id)
    assert aws.contents() == ()


def test_a_reference_to_a_deleted_resource_is_refused(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    vpc = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    aws.delete(VPC, vpc.id)
    with pytest.raises(CloudRefused, match="does not exist"):
        aws.create(SUBNET, "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})


@pytest.mark.parametrize("days", [0, 7])
def test_a_secret_keeps_its_name_as_long_as_the_program_says(cloud: MakeCloud, days: int) -> None:
    aws, token = cloud("aws"), "aws:secretsmanager/secret:Secret"
    inputs = {"name": "login", "recoveryWindowInDays": days}
    aws.delete(token, aws.create(token, "login", inputs).id)
    assert len(aws.left) == bool(days)
    aws.clock.pass_by(6 * 86_400)
    if days:
        with pytest.raises(CloudRefused, match="already scheduled for deletion"):
            aws.create(token, "login", inputs)
        aws.clock.pass_by(2 * 86_400)
    aws.create(token, "login", inputs)


@pytest.mark.parametrize(("forced", "kept"), [(False, True), (True, False)])
def test_a_bucket_with_data_is_kept_unless_the_program_forces_its_deletion(
    cloud: MakeCloud, forced: bool, kept: bool
) -> None:
    aws = cloud("aws")
    held = aws.create(BUCKET, "store", {"bucket": "acme-store", "forceDestroy": forced})
    aws.occupy(BUCKET, held.id)
    if kept:
        with pytest.raises(CloudRefused, match="BucketNotEmpty"):
            aws.delete(BUCKET, held.id)
        aws.occupy(BUCKET, held.id, full=False)
    aws.delete(BUCKET, held.id)
    assert aws.read(BUCKET, held.id) is None


@pytest.mark.parametrize(
    ("name", "token", "inputs", "lifted", "words"),
    [
        ("aws", "aws:eks/cluster:Cluster", {"deletionProtection": True}, {"deletionProtection": False}, "protection"),
        ("gcp", "gcp:container/cluster:Cluster", {"deletionProtection": True}, {"deletionProtection": False}, "true"),
        ("gcp", "gcp:kms/cryptoKey:CryptoKey", {"deletionPolicy": "PREVENT"}, {"deletionPolicy": "DELETE"}, "PREVENT"),
    ],
)
def test_a_protected_resource_is_deleted_only_after_an_update(
    cloud: MakeCloud, name: str, token: str, inputs: dict[str, object], lifted: dict[str, object], words: str
) -> None:
    account = cloud(name)
    held = account.create(token, "kept", {"name": "kept", **inputs})
    with pytest.raises(CloudRefused, match=words) as refused:
        account.delete(token, held.id)
    assert "deletion_protection" in refused.value.cause
    account.update(token, held.id, {"name": "kept", **lifted})
    account.delete(token, held.id)
    assert account.read(token, held.id) is None


def test_a_policy_denies_the_deletion_of_its_types_below_its_scope(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    inside, outside = (
        azure.create(GROUP, name, {"resourceGroupName": name, "location": "westus3"}) for name in ("inside", "outside")
    )
    vaults = [
        azure.create(VAULT, name, {"resourceGroupName": name, "vaultName": f"v-{name}"})
        for name in ("inside", "outside")
    ]
    policy = azure.create(
        "azure-native:authorization:PolicyAssignment",
        "keep",
        {
            "policyAssignmentName": "keep",
            "scope": inside.id,
            "parameters": {
                "effect": {"value": "DenyAction"},
                "listOfResourceTypesDisallowedForDeletion": {"value": ["Microsoft.KeyVault/vaults"]},
            },
        },
    )
    azure.delete(VAULT, vaults[1].id)
    with pytest.raises(CloudRefused, match="RequestDisallowedByPolicy"):
        azure.delete(VAULT, vaults[0].id)
    azure.delete(policy.token, policy.id)
    azure.delete(VAULT, vaults[0].id)
    assert azure.read(VAULT, vaults[0].id) is None
    assert azure.read(GROUP, outside.id) is not None


def test_some_names_stay_in_use_after_deletion(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    ring = {"name": "acme", "location": "us-central1"}
    gcp.delete(RING, gcp.create(RING, "ring", ring).id)
    gcp.clock.pass_by(10 * 365 * 86_400)
    with pytest.raises(CloudRefused, match="already exists"):
        gcp.create(RING, "ring", ring)
    azure = cloud("azure")
    vault = {
        "vaultName": "acme",
        "resourceGroupName": "rg",
        "properties": {"tenantId": azure.account.tenant, "sku": {"family": "A", "name": "standard"}},
    }
    azure.delete(VAULT, azure.create(VAULT, "vault", vault).id)
    with pytest.raises(CloudRefused, match="deleted state"):
        azure.create(VAULT, "vault", vault)
    azure.clock.pass_by(91 * 86_400)
    assert azure.create(VAULT, "vault", vault).name == "vault"
    assert [leftover.days for _, leftover in azure.left] == [90]


def test_contained_resources_are_deleted_with_their_container(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    group = azure.create(GROUP, "group", {"resourceGroupName": "rg"})
    identity = "azure-native:managedidentity:UserAssignedIdentity"
    azure.create(identity, "identity", {"resourceGroupName": "rg", "resourceName": "worker"})
    azure.delete(GROUP, group.id)
    assert azure.contents() == ()


def test_an_immutable_property_is_not_changed_in_place(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    pool = {"resourceGroupName": "rg", "resourceName": "acme", "agentPoolName": "gpu", "maxPods": 30, "count": 1}
    held = azure.create(POOL, "pool", pool)
    azure.update(POOL, held.id, {**pool, "count": 2})
    with pytest.raises(CloudRefused, match="Changing property 'maxPods' is not allowed"):
        azure.update(POOL, held.id, {**pool, "maxPods": 60})


def test_the_clock_follows_dependencies(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    role = aws.create(ROLE, "role", {"name": "cluster", "assumeRolePolicy": TRUST})
    cluster = {"name": "acme", "roleArn": role.outputs["arn"], "vpcConfig": {"subnetIds": ["subnet-1"]}}
    aws.create("aws:eks/cluster:Cluster", "cluster", cluster)
    # the role, the ten seconds until it can be assumed, and the cluster
    assert aws.clock.elapsed == 2 + 10 + 900
    aws.run()
    assert aws.clock.elapsed == 0


def test_it_returns_to_a_snapshot(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    vpc = aws.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    before = aws.remember("before")
    subnet = aws.create(SUBNET, "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    aws.recall(before)
    assert [held.id for held in aws.contents()] == [vpc.id]
    assert aws.create(SUBNET, "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"}).id == subnet.id


@pytest.mark.parametrize("name", ["aws", "gcp", "azure"])
def test_an_upsert_finds_the_existing_resource(cloud: MakeCloud, name: str, stack_plan: Callable[..., Plan]) -> None:
    steps = stack_plan("prod", name, resolve=True).resources()
    upserts = {step.type: step for step in steps if step.type in rules_of(step.type).upserts}
    assert upserts
    mock = cloud(name)
    for step in upserts.values():
        if "secretId" in step.inputs:
            mock.put("secret", str(step.inputs["secretId"]))
        first = mock.create(step.type, step.name, step.inputs)
        assert mock.create(step.type, step.name, step.inputs).id == first.id, step.type


@pytest.mark.parametrize("package", ["aws", "gcp", "azure-native"])
def test_the_tables_have_real_types_and_sources(package: str) -> None:
    rules = rules_of(f"{package}:x:X")
    tokens = set(rules.upserts) | {
        row.token for row in (*rules.leftovers, *rules.immutable, *rules.singletons, *rules.durations)
    }
    tokens |= {row.token for row in (*rules.in_use, *rules.non_empty, *rules.propagation)}
    tokens |= {by.partition("#")[0] for row in rules.in_use for by in row.by}
    unknown = {token for token in tokens if resource_schema(token) is None}
    assert not unknown
    errors: list[CloudError] = [rules.exists, rules.missing, rules.throttled]
    errors += [
        row.error for row in (*rules.in_use, *rules.non_empty, *rules.immutable, *rules.singletons, *rules.propagation)
    ]
    errors += [row.error for row in rules.leftovers if row.error]
    assert all(error.source.startswith("https://") for error in errors)
    assert all(row.source.startswith("https://") for row in rules.durations)


TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def test_an_update_raises_the_versions_of_a_launch_template(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    inputs: dict[str, object] = {"name": "t", "ebsOptimized": "true", "updateDefaultVersion": True}
    template = aws.create(TEMPLATE, "t", inputs)
    assert template.outputs["latestVersion"] == 1
    tagged = aws.update(TEMPLATE, template.id, {**inputs, "tags": {"team": "vision"}})
    assert tagged.outputs["latestVersion"] == 1, "tags of the template itself make no version"
    specified = {**inputs, "tagSpecifications": [{"resourceType": "instance", "tags": {"team": "vision"}}]}
    changed = aws.update(TEMPLATE, template.id, specified)
    assert (changed.outputs["latestVersion"], changed.outputs["defaultVersion"]) == (2, 2)
    back = aws.update(TEMPLATE, template.id, inputs)
    assert back.outputs["latestVersion"] == 3, "a version never comes back"


@pytest.mark.parametrize(
    ("name", "token", "before", "quiet", "loud"),
    [
        (
            "aws",
            "aws:eks/nodeGroup:NodeGroup",
            {"nodeGroupName": "n", "clusterName": "c", "launchTemplate": {"id": "lt", "version": "1"}},
            {"tags": {"a": "b"}},
            {"launchTemplate": {"id": "lt", "version": "2"}},
        ),
        (
            "gcp",
            "gcp:container/nodePool:NodePool",
            {"name": "n", "cluster": "c", "nodeConfig": {"diskSizeGb": 100}},
            {"nodeConfig": {"diskSizeGb": 100, "resourceLabels": {"a": "b"}}},
            {"nodeConfig": {"diskSizeGb": 200}},
        ),
        (
            "azure",
            "azure-native:containerservice:AgentPool",
            {"agentPoolName": "n", "resourceName": "c", "resourceGroupName": "g", "orchestratorVersion": "1.33"},
            {"tags": {"a": "b"}},
            {"orchestratorVersion": "1.34"},
        ),
    ],
)
def test_the_cloud_tells_which_updates_replace_nodes(
    cloud: MakeCloud,
    name: str,
    token: str,
    before: dict[str, object],
    quiet: dict[str, object],
    loud: dict[str, object],
) -> None:
    mock = cloud(name)
    held = mock.create(token, "pool", before)
    mock.update(token, held.id, {**before, **quiet})
    assert mock.recycled == []
    mock.update(token, held.id, {**before, **loud})
    assert [(one.name, words) for one, words in mock.recycled] == [("pool", "its nodes")]
    mock.run()
    assert mock.recycled == []


def test_a_bucket_has_several_notifications(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    told = {"bucket": "b", "payloadFormat": "JSON_API_V1"}
    ids = [
        gcp.create("gcp:storage/notification:Notification", name, {**told, "objectNamePrefix": name}).id
        for name in ("claims", "labels")
    ]
    assert len(set(ids)) == 2


def test_a_member_with_another_condition_is_another_grant(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    grant = {"bucket": "b", "role": "roles/storage.objectViewer", "member": "serviceAccount:monitor"}
    kind = "gcp:storage/bucketIAMMember:BucketIAMMember"
    ids = [
        gcp.create(kind, "read", {**grant, "condition": {"title": "folder", "expression": f"version {number}"}}).id
        for number in (1, 2)
    ]
    # the former one goes after the new one is there, and takes nothing of it along
    gcp.delete(kind, ids[0])
    assert gcp.read(kind, ids[1])
