"""The bucket that records who read and wrote what."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.artifact_store.bucket import BucketPlan, make
from mlplatform.backends.aws.artifact_store.lifecycle import log_rules
from mlplatform.backends.aws.artifact_store.parts import AwsBucket
from mlplatform.backends.aws.naming import bucket_name
from mlplatform.backends.aws.policy import Statement
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Scope
from mlplatform.spec.artifact_store import ResolvedPlace


def disposable(scope: Scope, place: ResolvedPlace) -> bool:
    """Whether a destroy may take the objects with it: never what is written once."""
    return place.disposable or not (scope.defaults.protected or place.worm or place.legal_hold)


def log_bucket(scope: Scope, role: str, roles: Sequence[str], *, days: int, region: str | None = None) -> AwsBucket:
    """Where access to other buckets is recorded. Its own access is not: that would never end.

    Args:
        scope: whose it is.
        role: of this bucket.
        roles: of the buckets whose access it records, in the same region.
        days: how long records are kept.
        region: where they all lie. Omitted: in the target's region.
    """
    target = scope.target(AwsTarget)
    arn = f"arn:{target.partition}:s3:::"
    sources = [f"{arn}{bucket_name(scope.spec, target, source, region)}" for source in roles]
    delivery = Statement(
        sid="AccessLogs",
        actions=("s3:PutObject",),
        resources=f"{arn}{bucket_name(scope.spec, target, role, region)}/*",
        principals={"Service": "logging.s3.amazonaws.com"},
        conditions={
            "ArnLike": {"aws:SourceArn": sources},
            "StringEquals": {"aws:SourceAccount": target.account_id},
        },
    )
    plan = BucketPlan(
        role=role,
        region=region,
        # the log delivery service writes only to buckets with S3's own key
        key_arn=None,
        # a record that is deleted or overwritten can be brought back
        versioned=True,
        rules=log_rules(days),
        disposable=not scope.defaults.protected,
        protected=scope.defaults.protected,
        statements=(delivery,),
    )
    return make(scope, plan)
