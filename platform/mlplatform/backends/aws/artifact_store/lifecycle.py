"""Lifecycle rules of a place: tiering, expiry, old versions, unfinished uploads."""

from __future__ import annotations

from pulumi_aws import s3

from mlplatform.spec.artifact_store import ResolvedPlace

_UNFINISHED_DAYS = 7


def place_rules(place: ResolvedPlace) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    """One rule for the whole bucket, and one for old versions where they are kept."""
    expiration = None
    if place.expire_after_days:
        expiration = s3.BucketLifecycleConfigurationRuleExpirationArgs(days=place.expire_after_days)
    transitions = None
    if place.tier_after_days:
        transitions = [
            s3.BucketLifecycleConfigurationRuleTransitionArgs(days=place.tier_after_days, storage_class="STANDARD_IA")
        ]
    rules = [_rule("objects", expiration=expiration, transitions=transitions)]
    if place.versioned:
        old = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=place.old_versions_days
        )
        markers = s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True)
        rules.append(_rule("old-versions", expiration=markers, noncurrent=old))
    return rules


def log_rules(days: int) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    """Logs end with the platform's log retention; a rule of days takes the delete markers too."""
    old = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(noncurrent_days=_UNFINISHED_DAYS)
    return [
        _rule("logs", expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days)),
        _rule("old-versions", noncurrent=old),
    ]


def _rule(
    name: str,
    *,
    expiration: s3.BucketLifecycleConfigurationRuleExpirationArgs | None = None,
    transitions: list[s3.BucketLifecycleConfigurationRuleTransitionArgs] | None = None,
    noncurrent: s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs | None = None,
) -> s3.BucketLifecycleConfigurationRuleArgs:
    unfinished = s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
        days_after_initiation=_UNFINISHED_DAYS
    )
    return s3.BucketLifecycleConfigurationRuleArgs(
        id=name,
        status="Enabled",
        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        abort_incomplete_multipart_upload=None if noncurrent else unfinished,
        expiration=expiration,
        transitions=transitions,
        noncurrent_version_expiration=noncurrent,
    )
