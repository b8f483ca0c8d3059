"""Buckets, one per place: encrypted with the platform's key, private, with retention and access logs."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.artifact_store.bucket import build_bucket, keeps_versions
from mlplatform.backends.gcp.artifact_store.parts import GcpBucket, GcpPlace, GcpStore
from mlplatform.backends.gcp.existing import GcpExistingStore
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.storage.access_logs import build_access_logs
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.parts import GcpTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place, ResolvedPlace


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> GcpStore:
    """Build a bucket per place, and their copies in the second region if the spec asks for them."""
    target = scope.target(GcpTarget)
    gcp_keys = native(keys.parts, GcpKeys)
    days = native(telemetry.parts, GcpTelemetry).log_retention_days
    existing = _existing_places(scope)
    new_places = [place for place in spec.places() if place.place not in existing]
    logs = build_access_logs(scope, gcp_keys, "access-logs", days) if spec.access_logs and new_places else None
    after = [*gcp_keys.ready["store"], *([logs.writer] if logs else [])]
    buckets: dict[Place, GcpBucket] = {}
    for place in new_places:
        name = bucket_name(scope.spec, target, place.place)
        bucket = build_bucket(
            scope,
            place.place,
            place,
            name=name,
            location=target.region,
            key_id=gcp_keys.ids["store"],
            after=after,
            logs=logs.bucket.name if logs else None,
        )
        buckets[place.place] = GcpBucket(bucket=bucket, name=name)
        _notes(scope, place)
    if spec.replicated and buckets:
        from mlplatform.backends.gcp.artifact_store.replication import replicate_buckets

        replicate_buckets(scope, gcp_keys, spec, buckets, logs)
    every: dict[Place, GcpPlace] = {**buckets, **existing}
    return GcpStore(
        uris={place: _uri(every[place]) for place in PLACES},
        addresses={place: {"bucket": every[place].name} for place in PLACES},
        scope=scope,
        buckets={place: every[place] for place in PLACES},
        access_logs=logs,
    )


def _existing_places(scope: Scope) -> dict[Place, GcpPlace]:
    """Places with an existing bucket."""
    store = scope.context.existing.store
    if store is None:
        return {}
    return {place: GcpPlace(name=name) for place, name in native(store, GcpExistingStore).buckets.items()}


def _uri(place: GcpPlace) -> pulumi.Output[str]:
    return place.bucket.url if isinstance(place, GcpBucket) else pulumi.Output.concat("gs://", place.name)


def _notes(scope: Scope, place: ResolvedPlace) -> None:
    path = f"artifact_store.{place.place}"
    if place.versioned and not keeps_versions(place):
        scope.note(
            f"{path}.worm",
            "GCP has a retention policy instead of versions: no object can be overwritten during its retention",
        )
    if place.legal_hold:
        scope.note(
            f"{path}.legal_hold",
            "every new object gets an event-based hold; to hold older objects, or to release a hold, run "
            "`gcloud storage objects update --[no-]event-based-hold`",
        )
