"""Roles of the cluster itself: control plane, nodes, and the pods of its add-ons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.identity.trust import pod_trust
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
"""The network add-on has its own identity, so nodes need no rights on network interfaces."""


@dataclass(frozen=True, slots=True)
class RoleWithRights:
    """A role, and the policies that must exist before anything assumes it."""

    role: iam.Role
    """The role."""

    rights: tuple[pulumi.Resource, ...]
    """Its policies."""


def _make_role(
    scope: Scope,
    role: str,
    trust: pulumi.Input[str],
    managed: Sequence[str] = (),
    statements: Sequence[IamStatement] = (),
) -> RoleWithRights:
    """A role with AWS-managed policies and its own statements."""
    target = scope.target(AwsTarget)
    iam_role = iam.Role(
        scope.child(f"{role}-role"),
        name=physical_name(scope.spec, role, ROLE),
        assume_role_policy=trust,
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights: list[pulumi.Resource] = [
        iam.RolePolicyAttachment(
            scope.child(f"{role}-{name.rpartition('/')[2].lower()}"),
            role=iam_role.name,
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
                role=iam_role.name,
                policy=policy_document(*statements),
                opts=scope.opts(delete_before_replace=True),
            )
        )
    return RoleWithRights(iam_role, tuple(rights))


def make_pod_role(
    scope: Scope,
    role: str,
    namespace: str,
    service_account: str,
    managed: Sequence[str] = (),
    statements: Sequence[IamStatement] = (),
) -> RoleWithRights:
    """Create a role for the pods of one Kubernetes service account."""
    trust = pod_trust(scope.target(AwsTarget), namespace, service_account)
    return _make_role(scope, role, trust, managed, statements)


def make_cluster_role(scope: Scope, key_arn: pulumi.Output[str]) -> tuple[iam.Role, tuple[pulumi.Resource, ...]]:
    """Create the control plane's role."""
    target = scope.target(AwsTarget)
    role = _make_role(
        scope,
        "cluster",
        service_trust("eks.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}),
        ("AmazonEKSClusterPolicy",),
        (
            IamStatement(
                sid="SecretsKey",
                actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"),
                resources=key_arn,
            ),
        ),
    )
    return role.role, role.rights


def make_node_role(scope: Scope, images: AwsImages) -> RoleWithRights:
    """Create the nodes' role, with rights to join, pull images and fill the image caches."""
    role = _make_role(scope, "node", service_trust("ec2.amazonaws.com"), _NODE_POLICIES, images.cache_statements)
    return RoleWithRights(role.role, (*role.rights, *images.pulled))


def volume_key_statements(key_arn: pulumi.Output[str]) -> tuple[IamStatement, ...]:
    """Rights on the key of encrypted disks, to create and attach them."""
    return (
        IamStatement(
            sid="VolumeKey",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            resources=key_arn,
        ),
        IamStatement(
            sid="VolumeGrants",
            actions=("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"),
            resources=key_arn,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )
