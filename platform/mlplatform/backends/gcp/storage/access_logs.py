"""A bucket that records access to other buckets."""

from __future__ import annotations

from pulumi_gcp import storage

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.storage.bucket import make_bucket
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

LOG_WRITERS = "group:cloud-storage-analytics@google.com"
"""Member that delivers access logs, https://docs.cloud.google.com/storage/docs/access-logs"""


@record(kw_only=True)
class GcpAccessLogs:
    """The bucket that records access to other buckets."""

    bucket: storage.Bucket
    """The bucket of records."""

    writer: storage.BucketIAMMember
    """The right to deliver them; a bucket with access logs comes after it."""


def build_access_logs(scope: Scope, keys: GcpKeys, role: str, days: int) -> GcpAccessLogs:
    """Build the bucket.

    Args:
        scope: its owner.
        keys: the platform's.
        role: part of its names.
        days: for which records are kept.
    """
    bucket = make_bucket(
        scope,
        keys,
        role,
        name=bucket_name(scope.spec, scope.target(GcpTarget), role),
        deleted=storage.BucketLifecycleRuleConditionArgs(age=days),
    )
    writer = storage.BucketIAMMember(
        scope.child(f"{role}-writer"),
        bucket=bucket.name,
        role="roles/storage.objectCreator",
        member=LOG_WRITERS,
        opts=scope.opts(),
    )
    return GcpAccessLogs(bucket=bucket, writer=writer)
