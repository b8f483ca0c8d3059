"""Lifecycle of a place's objects: tiering, expiry, old versions, and whether a destroy may delete them."""

from __future__ import annotations

from pulumi_aws import s3

from mlplatform.backends.aws.storage.bucket import lifecycle_rule
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import ResolvedPlace


def place_rules(place: ResolvedPlace) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    """One rule for all objects, and one for old versions if they are kept."""
    expiration = None
    if place.expire_after_days:
        expiration = s3.BucketLifecycleConfigurationRuleExpirationArgs(days=place.expire_after_days)
    transitions = None
    if place.tier_after_days:
        transitions = [
            s3.BucketLifecycleConfigurationRuleTransitionArgs(days=place.tier_after_days, storage_class="STANDARD_IA")
        ]
    rules = [lifecycle_rule("objects", expiration=expiration, transitions=transitions)]
    if place.versioned:
        old_versions = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=place.old_versions_days
        )
        markers = s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True)
        rules.append(lifecycle_rule("old-versions", expiration=markers, noncurrent=old_versions))
    return rules


def is_disposable(scope: Scope, place: ResolvedPlace) -> bool:
    """True if a destroy may delete the objects too, which excludes everything under WORM or legal hold."""
    return place.disposable or not (scope.defaults.protected or place.worm or place.legal_hold)
