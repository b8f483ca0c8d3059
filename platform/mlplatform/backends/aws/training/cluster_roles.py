"""Roles of the cluster itself: control plane, nodes, and the pods of its add-ons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.identity.identity import pod_trust
from mlplatform.backends.aws.naming import ROLE, physical
from mlplatform.backends.aws.policy import Statement, Text, document, trust
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Scope

_NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
"""The network add-on has an identity of its own, so nodes need no rights on network interfaces."""


@dataclass(frozen=True, slots=True)
class RoleWithRights:
    """A role and the policies that whatever assumes it must wait for."""

    role: iam.Role
    """The role."""

    rights: tuple[pulumi.Resource, ...]
    """Its policies."""


def role_with(
    scope: Scope, role: str, trusted: Text, managed: Sequence[str] = (), statements: Sequence[Statement] = ()
) -> RoleWithRights:
    """A role with AWS-managed policies and statements of its own."""
    target = scope.target(AwsTarget)
    made = iam.Role(
        scope.child(f"{role}-role"),
        name=physical(scope.spec, role, ROLE),
        assume_role_policy=trusted,
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights: list[pulumi.Resource] = [
        iam.RolePolicyAttachment(
            scope.child(f"{role}-{name.rpartition('/')[2].lower()}"),
            role=made.name,
            policy_arn=target.managed_policy(name),
            opts=scope.opts(),
        )
        for name in managed
    ]
    if statements:
        rights.append(
            iam.RolePolicy(
                scope.child(f"{role}-rights"),
                name="own",
                role=made.name,
                policy=document(*statements),
                opts=scope.opts(delete_before_replace=True),
            )
        )
    return RoleWithRights(made, tuple(rights))


def pod_role(
    scope: Scope,
    role: str,
    namespace: str,
    service_account: str,
    managed: Sequence[str] = (),
    statements: Sequence[Statement] = (),
) -> RoleWithRights:
    """A role for the pods of one Kubernetes service account."""
    trusted = pod_trust(scope.target(AwsTarget), namespace, service_account)
    return role_with(scope, role, trusted, managed, statements)


def cluster_role(scope: Scope, key_arn: pulumi.Output[str]) -> tuple[iam.Role, tuple[pulumi.Resource, ...]]:
    """The control plane's role."""
    target = scope.target(AwsTarget)
    made = role_with(
        scope,
        "cluster",
        trust("eks.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}),
        ("AmazonEKSClusterPolicy",),
        (
            Statement(
                sid="SecretsKey",
                actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"),
                resources=key_arn,
            ),
        ),
    )
    return made.role, made.rights


def node_role(scope: Scope, images: AwsImages) -> RoleWithRights:
    """The nodes' role: join, pull images, and fill the image caches."""
    made = role_with(scope, "node", trust("ec2.amazonaws.com"), _NODE_POLICIES, images.cache_statements)
    return RoleWithRights(made.role, (*made.rights, *images.pulled))


def volume_key(key_arn: pulumi.Output[str]) -> tuple[Statement, ...]:
    """What makes and attaches encrypted disks needs of their key."""
    return (
        Statement(
            sid="VolumeKey",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            resources=key_arn,
        ),
        Statement(
            sid="VolumeGrants",
            actions=("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"),
            resources=key_arn,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )
