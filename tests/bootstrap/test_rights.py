"""The tables of rights: every type that a backend can plan is in them, with all four operations told."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from typing import get_args

import pytest

from mlplatform import discovery
from mlplatform.backends.aws.bootstrap.policies import OwnResources
from mlplatform.backends.aws.bootstrap.rights import rights_table
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.azure.network.endpoints_private import EndpointGroup
from mlplatform.bootstrap.derive import derive_rights, planned_resources
from mlplatform.components.bootstrap import OPERATIONS, DerivesRights, PlannedResource, UnknownRights, sum_rights
from mlplatform.components.narrowed import target_of
from mlplatform.plan.model import Plan

from ..conftest import CLOUDS, ROOT, STACKS, _spec  # pyright: ignore[reportPrivateUsage]

SDKS = {"aws": "pulumi_aws", "gcp": "pulumi_gcp", "azure": "pulumi_azure_native"}
BY_CONTENT = {"cloudcontrol:Resource"}
"""Types whose rights depend on their inputs."""


@cache
def _table(cloud: str) -> frozenset[str]:
    import tomllib

    text = (ROOT / f"platform/mlplatform/backends/{cloud}/bootstrap/rights.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["types"])


def _written(cloud: str) -> Iterator[str]:
    """Types that the backend's source makes, as `module:Class`."""
    for file in (ROOT / "platform" / "mlplatform" / "backends" / cloud).rglob("*.py"):
        if file.parts[-2:] == ("bootstrap", "program.py"):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        modules = {
            alias.asname or alias.name: f"{(node.module or '').removeprefix(SDKS[cloud])}.{alias.name}".strip(".")
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(SDKS[cloud])
            for alias in node.names
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=kind)) if module in modules:
                    if kind[0].isupper() and not kind.endswith("Args"):
                        yield f"{modules[module]}:{kind}"
                case _:
                    pass


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_type_that_a_backend_writes_has_its_rights(cloud: str) -> None:
    known = {
        f"{kind.split(':')[1].partition('/')[0]}:{kind.rpartition(':')[2]}".lower()
        for kind in _table(cloud)
        if kind.count(":") == 2
    }
    written = set(_written(cloud)) - BY_CONTENT
    assert len(written) > 40
    assert not sorted(kind for kind in written if kind.lower() not in known)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_every_planned_type_has_its_rights(stack_plan: Callable[..., Plan], stack: str, cloud: str) -> None:
    plan = stack_plan(stack, cloud)
    apply, preview = derive_rights(plan, *OPERATIONS), derive_rights(plan, "read")
    assert set(preview) < set(apply)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_resource_takes_a_right_to_create_and_to_read(stack_plan: Callable[..., Plan], cloud: str) -> None:
    derive = discovery.backend(cloud).load(DerivesRights)
    for resource in planned_resources(stack_plan("prod", cloud)):
        if resource.type.startswith("kubernetes:"):
            continue  # the cluster's own rights decide, which the cloud's stack grants
        assert derive(resource, "create"), resource.type
        assert derive(resource, "read"), resource.type


LINKED = {
    "aws:amp/scraper:Scraper": "scraper.aps",
    "aws:appautoscaling/target:Target": "sagemaker.application-autoscaling",
    "aws:autoscaling/group:Group": "autoscaling",
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "management.chatbot",
    "aws:cloudwatch/eventConnection:EventConnection": "apidestinations.events",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "transitgateway",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "pullthroughcache.ecr",
    "aws:ecs/cluster:Cluster": "ecs",
    "aws:eks/cluster:Cluster": "eks",
    "aws:eks/nodeGroup:NodeGroup": "eks-nodegroup",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "fsx",
    "aws:grafana/workspace:Workspace": "grafana",
    "aws:mwaa/environment:Environment": "airflow",
    "aws:rds/instance:Instance": "rds",
    "aws:rds/subnetGroup:SubnetGroup": "rds",
}
"""Whose role in the account the first of a type makes, with the caller's right:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html, the column of
service-linked roles, and the page of each service."""


def test_aws_lets_the_first_of_a_type_make_the_role_of_its_service() -> None:
    derive = discovery.backend("aws").load(DerivesRights)
    for kind, service in LINKED.items():
        assert "iam:CreateServiceLinkedRole" in derive(PlannedResource(type=kind, inputs={}), "create"), kind
        assert f"{service}.amazonaws.com" in rights_table().texts("linked"), kind


def test_aws_lets_rds_make_the_secret_of_its_password() -> None:
    spec = _spec(ROOT / "stacks/dev.py").on("aws")
    own = OwnResources(spec, target_of(spec, AwsTarget))
    rights = rights_table().of("aws:rds/instance:Instance", "create")
    # the secret has a key of the platform
    assert {"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"} <= set(rights)
    held = [each for each in own.statements(sorted(rights)) if "rds!db-" in str(each["Resource"])]
    (made,) = held
    assert made["Action"] == ["secretsmanager:CreateSecret", "secretsmanager:TagResource"]
    assert made["Resource"] == ["arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-*"]
    # other databases' secrets are nobody's business
    assert not [each for each in own.statements(["secretsmanager:GetSecretValue"]) if "rds!" in str(each)]


def test_aws_lets_registries_give_and_take_back_the_use_of_their_key() -> None:
    derive = discovery.backend("aws").load(DerivesRights)
    for kind in ("repository:Repository", "repositoryCreationTemplate:RepositoryCreationTemplate"):
        held = derive(PlannedResource(type=f"aws:ecr/{kind}", inputs={}), "create")
        assert {"kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"} <= set(held), kind
    assert "kms:RetireGrant" in derive(PlannedResource(type="aws:ecr/repository:Repository", inputs={}), "delete")


def _endpoint_to(group: str) -> PlannedResource:
    inputs = {"privateLinkServiceConnections": [{"name": "one", "groupIds": [group]}]}
    return PlannedResource(type="azure-native:network:PrivateEndpoint", inputs=inputs)


def test_azure_lets_private_endpoints_be_approved_where_they_lead() -> None:
    """Otherwise: LinkedAuthorizationFailed, with the action on the linked scope."""
    derive = discovery.backend("azure").load(DerivesRights)
    for group in get_args(EndpointGroup):
        approvals = [right for right in derive(_endpoint_to(group), "create") if "connectionsapproval" in right.lower()]
        assert len(approvals) == 1, group
    assert "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action" in derive(
        _endpoint_to("vault"), "update"
    )
    with pytest.raises(UnknownRights, match="sites: rights"):
        derive(_endpoint_to("sites"), "create")


def test_azure_lets_a_pool_use_its_reservation() -> None:
    derive = discovery.backend("azure").load(DerivesRights)
    pool, group = "azure-native:containerservice:AgentPool", {"capacityReservationGroupID": "/subscriptions/x"}
    wanted = "Microsoft.Compute/capacityReservationGroups/deploy/action"
    assert wanted in derive(PlannedResource(type=pool, inputs=group), "create")
    assert wanted not in derive(PlannedResource(type=pool, inputs={}), "create")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_type_without_a_row_is_an_error(cloud: str) -> None:
    with pytest.raises(UnknownRights, match="x:y/z:Z"):
        sum_rights(discovery.backend(cloud).load(DerivesRights), [PlannedResource(type="x:y/z:Z", inputs={})], ["read"])


WRITES = {
    "aws": r"Create|Put|Delete|Update|Modify",
    "gcp": r"\.(create|update|delete|setIamPolicy)$",
    "azure": "/write$",
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_preview_writes_nothing(stack_plan: Callable[..., Plan], cloud: str) -> None:
    import re

    verbs = re.compile(WRITES[cloud])
    rights = derive_rights(stack_plan("prod", cloud), "read")
    assert rights
    assert not [right for right in rights if verbs.search(right.rpartition(":")[2] if cloud == "aws" else right)]


@pytest.mark.parametrize(
    ("cloud", "kind", "right"),
    [
        ("aws", "aws:s3/bucket:Bucket", "s3:DeleteObjectVersion"),
        ("gcp", "gcp:storage/bucket:Bucket", "storage.objects.delete"),
    ],
)
def test_a_bucket_is_emptied_only_where_the_program_says_so(cloud: str, kind: str, right: str) -> None:
    derive = discovery.backend(cloud).load(DerivesRights)
    assert right in derive(PlannedResource(type=kind, inputs={"forceDestroy": True}), "delete")
    assert right not in derive(PlannedResource(type=kind, inputs={"forceDestroy": False}), "delete")


def test_resources_of_templates_are_written_with_the_callers_rights(stack_plan: Callable[..., Plan]) -> None:
    rights = derive_rights(stack_plan("prod", "azure"), "create")
    assert "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/write" in rights
    assert not [right for right in rights if right.startswith("Microsoft.Graph/")]
