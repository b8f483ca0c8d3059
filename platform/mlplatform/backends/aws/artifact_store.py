"""The artifact store: one hardened bucket per place, one for access logs, twins in a second region."""

from __future__ import annotations

from mlplatform.backends.aws import bucket, replication
from mlplatform.backends.aws.access_logs import disposable, log_bucket
from mlplatform.backends.aws.lifecycle import place_rules
from mlplatform.backends.aws.parts import AwsKeys
from mlplatform.backends.aws.parts_artifacts import AwsBucket, AwsStore
from mlplatform.backends.aws.parts_telemetry import AwsTelemetry
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.keys import Keys
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import ArtifactStoreSpec, Place


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> AwsStore:
    """Make the places."""
    target = scope.target(AwsTarget)
    key = native(keys.parts, AwsKeys).ids["store"]
    days = native(telemetry.parts, AwsTelemetry).log_retention_days
    places = [place.place for place in spec.places()]
    logs = log_bucket(scope, "access-logs", places, days=days) if spec.access_logs else None
    buckets: dict[Place, AwsBucket] = {}
    for place in spec.places():
        plan = bucket.BucketPlan(
            role=place.place,
            key_arn=key,
            versioned=place.versioned,
            rules=place_rules(place),
            disposable=disposable(scope, place),
            protected=scope.defaults.protected and not place.disposable,
            worm=place.worm,
            events=True,
            logs_to=logs.bucket if logs else None,
        )
        buckets[place.place] = bucket.make(scope, plan)
    if spec.replicated:
        replication.replicate(scope, spec, buckets, key, days)
    return AwsStore(
        uris={place: made.bucket.bucket.apply(_uri) for place, made in buckets.items()},
        scope=scope,
        buckets=buckets,
        key_arn=key,
        kms_via=f"s3.{target.region}.{target.dns_suffix}",
    )


def _uri(name: str) -> str:
    return f"s3://{name}"
