"""Existing KMS keys."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.existing import AwsExistingKeys
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingKeys
from mlplatform.components.keys import by_purpose
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingKeys) -> AwsKeys:
    """Use the keys as they are; their policies are not changed."""
    keys = native(existing, AwsExistingKeys)
    scope.note(
        "keys",
        "existing keys: their policies must allow CloudWatch Logs, SNS, EventBridge and Auto Scaling, as the policies "
        "of the platform's own keys do",
    )
    arns = by_purpose(keys.default, keys.arns)
    return AwsKeys(ids={purpose: pulumi.Output.from_input(arn) for purpose, arn in arns.items()})
