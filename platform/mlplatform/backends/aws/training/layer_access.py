"""Who applies the layer inside the cluster: CI's identity of deployments, which the bootstrap made."""

from __future__ import annotations

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_POLICY = "AmazonEKSClusterAdminPolicy"
"""It makes roles, kinds and webhooks: no lesser policy may,
https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html"""


def admit_deployer(scope: Scope, cluster_name: pulumi.Output[str]) -> None:
    """Let CI's deployments use the cluster's API. Previews may not: they would read the secrets of every release."""
    target = scope.target(AwsTarget)
    role_arn = target.arn("iam", f"role/{physical_name(scope.spec, 'deploy', ROLE)}", regional=False)
    entry = eks.AccessEntry(
        scope.child("access-deploy"),
        cluster_name=cluster_name,
        principal_arn=role_arn,
        type="STANDARD",
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    eks.AccessPolicyAssociation(
        scope.child("access-deploy-rights"),
        cluster_name=cluster_name,
        principal_arn=role_arn,
        policy_arn=f"arn:{target.partition}:eks::aws:cluster-access-policy/{_POLICY}",
        access_scope=eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
        opts=scope.opts(depends_on=[entry], delete_before_replace=True),
    )
