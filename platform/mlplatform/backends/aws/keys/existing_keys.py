"""KMS keys that somebody else made."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.existing import AwsExistingKeys
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.components.context import Scope
from mlplatform.components.keys import by_purpose


def build(scope: Scope, keys: AwsExistingKeys) -> AwsKeys:
    """Take the keys as they are; nobody's key policy is changed."""
    scope.note(
        "keys",
        "existing keys: their policies must let CloudWatch Logs, SNS, EventBridge and Auto Scaling use them, "
        "as the platform's own keys do",
    )
    found = by_purpose(keys.default, keys.arns)
    return AwsKeys(ids={purpose: pulumi.Output.from_input(arn) for purpose, arn in found.items()})
