"""The artifact store: one hardened bucket per place, one for access logs, twins in a second region."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.artifact_store import bucket, replication
from mlplatform.backends.aws.artifact_store.access_logs import disposable, log_bucket
from mlplatform.backends.aws.artifact_store.lifecycle import place_rules
from mlplatform.backends.aws.artifact_store.parts import AwsBucket, AwsPlace, AwsStore
from mlplatform.backends.aws.existing import AwsExistingStore
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.keys import Keys
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> AwsStore:
    """Make the places."""
    target = scope.target(AwsTarget)
    key = native(keys.parts, AwsKeys).ids["store"]
    days = native(telemetry.parts, AwsTelemetry).log_retention_days
    there = _existing(scope)
    made = [place for place in spec.places() if place.place not in there]
    places = [place.place for place in made]
    logs = log_bucket(scope, "access-logs", places, days=days) if spec.access_logs and made else None
    buckets: dict[Place, AwsBucket] = {}
    for place in made:
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
    if spec.replicated and buckets:
        replication.replicate(scope, spec, buckets, key, days)
    return AwsStore(
        uris={place: _uri(there[place] if place in there else buckets[place]) for place in PLACES},
        scope=scope,
        buckets={place: there[place] if place in there else buckets[place] for place in PLACES},
        key_arn=key,
        kms_via=f"s3.{target.region}.{target.dns_suffix}",
    )


def _existing(scope: Scope) -> dict[Place, AwsPlace]:
    """The places that are there already."""
    existing = scope.context.existing.store
    if existing is None:
        return {}
    partition = scope.target(AwsTarget).partition
    return {
        place: AwsPlace(
            name=bucket.name,
            arn=pulumi.Output.concat(f"arn:{partition}:s3:::", bucket.name),
            key_arn=None if bucket.key_arn is None else pulumi.Output.from_input(bucket.key_arn),
        )
        for place, bucket in native(existing, AwsExistingStore).buckets.items()
    }


def _uri(place: AwsPlace) -> pulumi.Output[str]:
    name = place.bucket.bucket if isinstance(place, AwsBucket) else place.name
    return pulumi.Output.concat("s3://", name)
