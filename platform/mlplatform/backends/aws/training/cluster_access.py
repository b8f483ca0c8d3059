"""Who may act in the cluster: pods as identities, people through its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import eks

from mlplatform.backends.aws.identity.grants import native_identity
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.identity import Identity
from mlplatform.spec.access import Role

if TYPE_CHECKING:
    from mlplatform.backends.aws.training.parts import AwsAnyCluster

_RIGHTS: dict[Role, tuple[str, bool]] = {
    "operator": ("AmazonEKSClusterAdminPolicy", True),
    "auditor": ("AmazonEKSViewPolicy", True),
    "ml-engineer": ("AmazonEKSEditPolicy", False),
    "data-scientist": ("AmazonEKSEditPolicy", False),
    "data-engineer": ("AmazonEKSViewPolicy", False),
}
"""Access policy by role, and whether it holds in the whole cluster or in the training namespace alone.

https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
"""


def bind(parts: AwsAnyCluster, identity: Identity, namespace: str, service_account: str) -> None:
    """Let pods of a service account act as an identity."""
    scope, acting = parts.scope, native_identity(identity)
    eks.PodIdentityAssociation(
        scope.child(f"bind-{namespace}-{service_account}"),
        cluster_name=parts.cluster_name,
        namespace=namespace,
        service_account=service_account,
        role_arn=acting.principal,
        tags=scope.tags,
        opts=scope.opts(depends_on=[*parts.pods_after, *acting.grants], delete_before_replace=True),
    )


def admit(parts: AwsAnyCluster, identity: Identity) -> None:
    """Let a person's role use the cluster's API."""
    scope, acting = parts.scope, native_identity(identity)
    rights = next((rights for role, rights in _RIGHTS.items() if role == identity.purpose), None)
    if rights is None:
        raise ValueError(f"'{identity.purpose}' is no person's role: bind workloads to a service account instead")
    policy, everywhere = rights
    entry = eks.AccessEntry(
        scope.child(f"access-{acting.short_name}"),
        cluster_name=parts.cluster_name,
        principal_arn=acting.principal,
        type="STANDARD",
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    eks.AccessPolicyAssociation(
        scope.child(f"access-{acting.short_name}-rights"),
        cluster_name=parts.cluster_name,
        principal_arn=acting.principal,
        policy_arn=f"arn:{scope.target(AwsTarget).partition}:eks::aws:cluster-access-policy/{policy}",
        access_scope=eks.AccessPolicyAssociationAccessScopeArgs(
            type="cluster" if everywhere else "namespace",
            namespaces=None if everywhere else [scope.spec.access.training_namespace],
        ),
        opts=scope.opts(depends_on=[entry], delete_before_replace=True),
    )
