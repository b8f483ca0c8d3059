"""Access in the cluster: pods act as identities, people use its API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import JOBS_GROUP, team_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.entry import let_in
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.access import JOB_ROLES, Role
from mlplatform.spec.teams import TeamSpec

if TYPE_CHECKING:
    from mlplatform.backends.aws.training.parts import AwsAnyCluster

_RIGHTS: dict[Role, tuple[str, bool]] = {
    "operator": ("AmazonEKSClusterAdminPolicy", True),
    "auditor": ("AmazonEKSViewPolicy", True),
    "ml-engineer": ("AmazonEKSEditPolicy", False),
    "data-scientist": ("AmazonEKSEditPolicy", False),
    "data-engineer": ("AmazonEKSViewPolicy", False),
}
"""Access policy by role; True if it covers the whole cluster, not only the training namespace.

https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
"""


def bind_service_account(
    scope: Scope,
    cluster_name: pulumi.Output[str],
    identity: Identity,
    namespace: str,
    service_account: str,
    after: Sequence[pulumi.Resource],
) -> None:
    """Let pods of a service account act as an identity, once `after` and the identity's grants exist."""
    role = native(identity.parts, AwsIdentity)
    eks.PodIdentityAssociation(
        scope.child(f"bind-{namespace}-{service_account}"),
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=service_account,
        role_arn=role.principal,
        tags=scope.tags,
        opts=scope.opts(depends_on=[*after, *role.grants], delete_before_replace=True),
    )


def admit_members(scope: Scope, cluster_name: pulumi.Output[str], identity: Identity, team: TeamSpec) -> None:
    """Let a team's members log in to the cluster as a group, to which RBAC inside of it gives rights.

    No access policy of EKS knows the kinds of the job engines.
    """
    role = native(identity.parts, AwsIdentity)
    eks.AccessEntry(
        scope.child(f"access-{role.short_name}"),
        cluster_name=cluster_name,
        principal_arn=role.principal,
        type="STANDARD",
        kubernetes_groups=[team_group(team)],
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def admit_service(
    scope: Scope, parts: AwsAnyCluster, role: AwsIdentity, group: str, security_group_id: pulumi.Output[str], who: str
) -> tuple[pulumi.Resource, ...]:
    """Let a service of AWS use the cluster's API as a member of a group, from its own security group."""
    rule = let_in(scope, scope.name.rpartition("-")[2], parts.security_group_id, who, group_id=security_group_id)
    entry = eks.AccessEntry(
        scope.child(f"access-{role.short_name}"),
        cluster_name=parts.cluster_name,
        principal_arn=role.principal,
        type="STANDARD",
        kubernetes_groups=[group],
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    return rule, entry


def admit_person(scope: Scope, cluster_name: pulumi.Output[str], identity: Identity) -> None:
    """Let a person's role use the cluster's API.

    Raises:
        ValueError: the identity is a workload's.
    """
    role = native(identity.parts, AwsIdentity)
    access = next((access for purpose, access in _RIGHTS.items() if purpose == identity.purpose), None)
    if access is None:
        raise ValueError(f"'{identity.purpose}' is no role of people: bind workloads to a service account instead")
    policy, everywhere = access
    entry = eks.AccessEntry(
        scope.child(f"access-{role.short_name}"),
        cluster_name=cluster_name,
        principal_arn=role.principal,
        type="STANDARD",
        # no access policy knows the kinds of the job engines: RBAC in the layer gives those rights to a group
        kubernetes_groups=[JOBS_GROUP] if scope.spec.cluster and identity.purpose in JOB_ROLES else None,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    eks.AccessPolicyAssociation(
        scope.child(f"access-{role.short_name}-rights"),
        cluster_name=cluster_name,
        principal_arn=role.principal,
        policy_arn=f"arn:{scope.target(AwsTarget).partition}:eks::aws:cluster-access-policy/{policy}",
        access_scope=eks.AccessPolicyAssociationAccessScopeArgs(
            type="cluster" if everywhere else "namespace",
            namespaces=None if everywhere else [scope.spec.access.training_namespace],
        ),
        opts=scope.opts(depends_on=[entry], delete_before_replace=True),
    )
