"""Log groups with the platform's retention and key."""

from __future__ import annotations

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.components.scope import Scope

_OFFERED_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def offered_days(days: int) -> int:
    """The shortest retention CloudWatch Logs offers that is not shorter than `days`."""
    return next(offered for offered in _OFFERED_DAYS if offered >= days)


def make_log_group(
    scope: Scope, role: str, name: str, *, retention_days: int, key_arn: pulumi.Output[str], temporary: bool = False
) -> cloudwatch.LogGroup:
    """A log group. A service that finds none of its fixed name creates one without key and retention.

    Args:
        scope: the component that it belongs to.
        role: part of its logical name.
        name: physical name.
        retention_days: days that records are kept.
        key_arn: the key.
        temporary: True if a later update deletes it, so that it is never protected.
    """
    return cloudwatch.LogGroup(
        scope.child(role),
        name=name,
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        tags=scope.tags,
        opts=scope.opts(protect=(scope.defaults.protected and not temporary) or None, delete_before_replace=True),
    )
