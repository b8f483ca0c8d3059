"""The artifact store: one hardened bucket per place, one for access logs, replicas in a second region."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from mlplatform.backends.aws.artifact_store.lifecycle import is_disposable, place_rules
from mlplatform.backends.aws.artifact_store.parts import LEDGERS, AwsStore
from mlplatform.backends.aws.artifact_store.replication import replicate_places
from mlplatform.backends.aws.existing import AwsExistingStore
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.storage.access_logs import make_log_bucket
from mlplatform.backends.aws.storage.bucket import AwsBucket, AwsPlace, BucketPlan, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> AwsStore:
    """Create the buckets of all places that have no existing one."""
    target = scope.target(AwsTarget)
    key = native(keys.parts, AwsKeys).ids["store"]
    days = native(telemetry.parts, AwsTelemetry).log_retention_days
    existing = _existing(scope)
    new_places = [place for place in spec.places() if place.place not in existing]
    logs = None
    if spec.access_logs and new_places:
        sources = [*(place.place for place in new_places), *([LEDGERS] if scope.spec.door_pipelines else [])]
        logs = make_log_bucket(scope, "access-logs", sources, days=days)
    created: dict[Place, AwsBucket] = {}
    for place in new_places:
        plan = BucketPlan(
            role=place.place,
            key_arn=key,
            versioned=place.versioned,
            rules=place_rules(place),
            disposable=is_disposable(scope, place),
            protected=scope.defaults.protected and not place.disposable,
            worm=place.worm,
            events=True,
            logs_to=logs.bucket if logs else None,
        )
        created[place.place] = make_bucket(scope, plan)
    if spec.replicated and created:
        replicate_places(scope, spec, created, key, days)
    buckets: Mapping[Place, AwsPlace] = {
        place: existing[place] if place in existing else created[place] for place in PLACES
    }
    return AwsStore(
        uris={place: _uri(bucket) for place, bucket in buckets.items()},
        addresses={place: {"bucket": bucket.name} for place, bucket in buckets.items()},
        scope=scope,
        buckets=buckets,
        key_arn=key,
        kms_via=f"s3.{target.region}.{target.dns_suffix}",
        access_logs=logs.bucket if logs else None,
    )


def _existing(scope: Scope) -> dict[Place, AwsPlace]:
    """The existing buckets by place."""
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
