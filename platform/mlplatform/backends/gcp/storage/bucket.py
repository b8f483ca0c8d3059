"""A hardened bucket with versions, of which what its rule names is deleted."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope


def make_bucket(
    scope: Scope,
    keys: GcpKeys,
    role: str,
    *,
    name: pulumi.Input[str],
    deleted: storage.BucketLifecycleRuleConditionArgs,
    logging: storage.BucketLoggingArgs | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> storage.Bucket:
    """Make the bucket, in the target's region and with the key of the store.

    Args:
        scope: its parent.
        keys: the platform's.
        role: last part of its logical name.
        name: physical name.
        deleted: the versions of objects that are deleted.
        logging: where access is recorded. Omitted: nowhere.
        after: what must be there first, beside the key's grants.
    """
    target = scope.target(GcpTarget)
    return storage.Bucket(
        scope.child(role),
        project=target.project,
        name=name,
        location=target.region,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        encryption=storage.BucketEncryptionArgs(default_kms_key_name=keys.ids["store"]),
        versioning=storage.BucketVersioningArgs(enabled=True),
        lifecycle_rules=[
            storage.BucketLifecycleRuleArgs(
                action=storage.BucketLifecycleRuleActionArgs(type="Delete"), condition=deleted
            )
        ],
        logging=logging,
        force_destroy=not scope.defaults.protected,
        labels=scope.tags,
        opts=scope.opts(depends_on=[*keys.ready["store"], *after], protect=scope.defaults.protected or None),
    )
