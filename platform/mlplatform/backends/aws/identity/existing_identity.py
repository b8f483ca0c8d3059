"""An existing IAM role."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.components.scope import Scope


def build(scope: Scope, principal: pulumi.Input[str]) -> AwsIdentity:
    """Use the role as it is; grants become inline policies of it."""
    arn = pulumi.Output.from_input(principal)
    return AwsIdentity(
        principal=arn,
        # a role's name is the last part of its ARN, after any path:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
        role_name=arn.apply(lambda text: text.rpartition("/")[2]),
        short_name=scope.name.removeprefix(f"{scope.context.prefix}-"),
    )
