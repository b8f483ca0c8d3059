"""The AWS provider of one target."""

from __future__ import annotations

import pulumi_aws as aws

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Context
from mlplatform.components.narrowed import typed_target


def build(context: Context) -> aws.Provider:
    """A provider bound to the target's account: it refuses credentials of any other."""
    target = typed_target(context.target, AwsTarget)
    return aws.Provider(f"{context.prefix}-aws", region=target.region, allowed_account_ids=[target.account_id])
