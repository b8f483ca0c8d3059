"""The foundation: nothing by default, or the account's own switches if the target asks for them."""

from __future__ import annotations

import pulumi
from pulumi_aws import ebs, ec2, s3

from mlplatform.backends.aws.foundation.parts import AwsFoundation
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.scope import Scope


def build(scope: Scope) -> AwsFoundation:
    """Set the account's switches if `account_baseline` is true."""
    if not scope.target(AwsTarget).account_baseline:
        return AwsFoundation()
    ready: tuple[pulumi.Resource, ...] = (
        s3.AccountPublicAccessBlock(
            scope.child("public-access"),
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=scope.opts(),
        ),
        ebs.EncryptionByDefault(scope.child("volume-encryption"), enabled=True, opts=scope.opts()),
        ec2.InstanceMetadataDefaults(
            scope.child("instance-metadata"),
            http_tokens="required",
            http_put_response_hop_limit=1,
            opts=scope.opts(),
        ),
    )
    return AwsFoundation(ready=ready)
