"""IAM roles that read the secrets of one namespace."""

from __future__ import annotations

from pulumi_aws import iam

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.identity.trust import token_trust
from mlplatform.backends.aws.naming import ROLE, secrets_folder
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.cluster import ClusterApi
from mlplatform.components.foundation import Foundation
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.components.secret_names import SECRETS_ACCOUNT


def build(scope: Scope, namespace: str, api: ClusterApi, foundation: Foundation) -> AwsIdentity:
    """Create the role, with the right to read what is in the namespace's folder of Secrets Manager."""
    target, folder = scope.target(AwsTarget), secrets_folder(scope.spec, namespace)
    short_name = scope.name.removeprefix(f"{scope.context.prefix}-")
    if api.token_issuer is None:
        raise ValueError("cluster: the account does not trust the tokens of this cluster")
    role = iam.Role(
        scope.child("role"),
        name=physical_name(scope.spec, short_name, ROLE),
        description=f"{platform_name(scope.spec, ' ')}: secrets of {namespace}",
        assume_role_policy=token_trust(api.token_issuer, namespace, SECRETS_ACCOUNT),
        tags=scope.tags,
        opts=scope.opts(depends_on=foundation.parts.ready),
    )
    identity = AwsIdentity(principal=role.arn, role_name=role.name, short_name=short_name)
    read = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
    # the slash keeps the secrets of a team apart from those of another whose name begins alike
    arn = target.arn("secretsmanager", f"secret:{folder}*")
    identity.allow(scope, "read", (IamStatement(sid="Secrets", actions=read, resources=arn),))
    scope.note(
        "cluster.addons",
        f"an ExternalSecret in {namespace} reads the secrets of Secrets Manager below {folder}, with the account's "
        "default key: make them there",
    )
    return identity
