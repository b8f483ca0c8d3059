"""The bucket of a place, or of its copy in the second region."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import ResolvedPlace

_DAY = 86_400
_SOFT_DELETE_DAYS = 7
_UPLOAD_DAYS = 7


def build_bucket(
    scope: Scope,
    role: str,
    place: ResolvedPlace,
    *,
    name: str,
    location: str,
    key_id: pulumi.Input[str],
    after: Sequence[pulumi.Resource],
    logs: pulumi.Input[str] | None,
) -> storage.Bucket:
    """Build the bucket of a place.

    Args:
        scope: its parent.
        role: last part of its logical name.
        place: its settings.
        name: physical name.
        location: region, the key's too.
        key_id: key of its objects.
        after: the key's grants.
        logs: bucket of access logs. None: access is not recorded.
    """
    return storage.Bucket(
        scope.child(role),
        project=scope.target(GcpTarget).project,
        name=name,
        location=location,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        encryption=storage.BucketEncryptionArgs(default_kms_key_name=key_id),
        versioning=storage.BucketVersioningArgs(enabled=keeps_versions(place)),
        retention_policy=storage.BucketRetentionPolicyArgs(
            retention_period=str(place.worm.days * _DAY), is_locked=place.worm.locked
        )
        if place.worm
        else None,
        default_event_based_hold=place.legal_hold,
        soft_delete_policy=storage.BucketSoftDeletePolicyArgs(
            retention_duration_seconds=0 if place.retention == "ephemeral" else _SOFT_DELETE_DAYS * _DAY
        ),
        lifecycle_rules=_lifecycle(place),
        logging=storage.BucketLoggingArgs(log_bucket=logs, log_object_prefix=role) if logs else None,
        force_destroy=_is_emptied(scope, place),
        labels=scope.tags,
        opts=scope.opts(
            depends_on=after,
            protect=True if scope.defaults.protected and not place.disposable else None,
        ),
    )


def keeps_versions(place: ResolvedPlace) -> bool:
    """Whether a place keeps old versions. A retention policy excludes versioning, and allows no overwriting.

    https://docs.cloud.google.com/storage/docs/bucket-lock
    """
    return place.versioned and place.worm is None


def _is_emptied(scope: Scope, place: ResolvedPlace) -> bool:
    """Whether a destroy may delete the objects too."""
    return place.disposable or not (scope.defaults.protected or place.worm or place.legal_hold)


def _lifecycle(place: ResolvedPlace) -> list[storage.BucketLifecycleRuleArgs]:
    """Tiering, expiry of objects and of old versions, and the end of incomplete uploads."""
    rules = [_rule("AbortIncompleteMultipartUpload", storage.BucketLifecycleRuleConditionArgs(age=_UPLOAD_DAYS))]
    if place.tier_after_days:
        rules.append(
            _rule(
                "SetStorageClass",
                storage.BucketLifecycleRuleConditionArgs(
                    age=place.tier_after_days, matches_storage_classes=["STANDARD"]
                ),
                "COLDLINE" if place.retention == "long-term" else "NEARLINE",
            )
        )
    if place.expire_after_days:
        rules.append(
            _rule(
                "Delete",
                storage.BucketLifecycleRuleConditionArgs(age=place.expire_after_days, with_state="LIVE"),
            )
        )
    if keeps_versions(place):
        rules.append(
            _rule(
                "Delete",
                storage.BucketLifecycleRuleConditionArgs(
                    days_since_noncurrent_time=place.old_versions_days, with_state="ARCHIVED"
                ),
            )
        )
    return rules


def _rule(
    action: str, condition: storage.BucketLifecycleRuleConditionArgs, storage_class: str | None = None
) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(
        action=storage.BucketLifecycleRuleActionArgs(type=action, storage_class=storage_class),
        condition=condition,
    )
