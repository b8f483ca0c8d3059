"""Deleted objects can be restored for a while."""

from __future__ import annotations

from mlplatform.checks.predicates import is_at_least
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import expires_by_age, takes_flow_logs

_PATHS = ("deleteRetentionPolicy", "containerDeleteRetentionPolicy")
_WEEK = 7


def _kept(account: Resource) -> list[CheckFault]:
    services = account.siblings("azure-native:storage:BlobServiceProperties", "accountName")
    return [
        CheckFault(f"The account has no {path} of at least a week.", path)
        for path in _PATHS
        if not any(one.true(f"{path}.enabled") and one.number(f"{path}.days") >= _WEEK for one in services)
    ]


RULE = CheckRule(
    id="bucket-soft-delete",
    level="medium",
    topic="recovery",
    title="Deleted objects can be restored",
    why="Otherwise a wrong deletion is final at once.",
    fix="Keep deleted objects and containers for at least a week.",
    entries=(
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_at_least(
                "softDeletePolicy.retentionDurationSeconds",
                _WEEK * 86_400,
                "The bucket keeps deleted objects for less than a week.",
                default=_WEEK * 86_400,
            ),
            link="https://cloud.google.com/storage/docs/soft-delete",
            when=lambda bucket: not expires_by_age(bucket),
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            _kept,
            refs=("CIS Azure 4.0 10.2.1", "CIS Azure 4.0 10.3.6", "MCSB BR-2"),
            link="https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview",
            when=lambda account: not takes_flow_logs(account),
            siblings=True,
        ),
    ),
)
