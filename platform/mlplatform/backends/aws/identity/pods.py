"""IAM roles of the pods of one service account."""

from __future__ import annotations

from pulumi_aws import iam

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.identity.trust import pod_trust
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.foundation import Foundation
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope


def build(scope: Scope, namespace: str, account: str, foundation: Foundation) -> AwsIdentity:
    """Create the role."""
    short_name = scope.name.removeprefix(f"{scope.context.prefix}-")
    role = iam.Role(
        scope.child("role"),
        name=physical_name(scope.spec, short_name, ROLE),
        description=f"{platform_name(scope.spec, ' ')}: pods of {namespace}/{account}",
        assume_role_policy=pod_trust(scope.target(AwsTarget), namespace, account),
        tags=scope.tags,
        opts=scope.opts(depends_on=foundation.parts.ready),
    )
    return AwsIdentity(principal=role.arn, role_name=role.name, short_name=short_name)
