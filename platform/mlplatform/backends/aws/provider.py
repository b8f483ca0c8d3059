"""The AWS provider of one target."""

from __future__ import annotations

import pulumi_aws as aws

from mlplatform.backends.aws.target import aws_target
from mlplatform.components.context import Context


def build(context: Context) -> aws.Provider:
    """A provider bound to the target's account: it refuses credentials of any other."""
    target = aws_target(context.spec)
    return aws.Provider(f"{context.prefix}-aws", region=target.region, allowed_account_ids=[target.account_id])
