"""Copies of every place in a second region, by Storage Transfer's event-driven replication.

Not a dual-region bucket: turning that on later would replace the bucket, and it needs a key of a multi-region.
https://docs.cloud.google.com/storage-transfer/docs/cross-bucket-replication
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import projects, storage

from mlplatform.backends.gcp.artifact_store.bucket import build_bucket
from mlplatform.backends.gcp.artifact_store.parts import GcpBucket
from mlplatform.backends.gcp.keys.keys import build_key, build_key_ring
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.storage.access_logs import GcpAccessLogs
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import ArtifactStoreSpec, Place

_SOURCE = ("roles/storage.legacyBucketOwner", "roles/storage.objectViewer")
_SINK = ("roles/storage.legacyBucketWriter", "roles/storage.objectViewer")


def replicate_buckets(
    scope: Scope,
    keys: GcpKeys,
    spec: ArtifactStoreSpec,
    buckets: Mapping[Place, GcpBucket],
    logs: GcpAccessLogs | None,
) -> None:
    """Build the second region's key and buckets, with access logs too, and a replication job per place."""
    target = scope.target(GcpTarget)
    region = target.replica_region
    if region is None:
        raise ValueError("replication needs the target's replica_region")
    ring = build_key_ring(keys.scope, "replica-ring", region, keys.foundation)
    key = build_key(keys.scope, scope.spec.keys, "replica-store", "store", ring, keys.foundation)
    agent, ready = _agent(scope, keys)
    for place in spec.places():
        source = buckets[place.place].bucket
        sink = build_bucket(
            scope,
            f"{place.place}-replica",
            place,
            name=bucket_name(scope.spec, target, f"{place.place}-replica"),
            location=region,
            key_id=key.id,
            after=[*key.ready, *([logs.writer] if logs else [])],
            logs=logs.bucket.name if logs else None,
        )
        grants = [
            storage.BucketIAMMember(
                scope.child(f"{place.place}-{end}-{role.rpartition('.')[2].lower()}"),
                bucket=bucket.name,
                role=role,
                member=agent,
                opts=scope.opts(),
            )
            for end, bucket, roles in (("source", source, _SOURCE), ("sink", sink, _SINK))
            for role in roles
        ]
        _job(scope, place.place, source, sink, (*ready, *grants))
    scope.note(
        "artifact_store.replicated",
        "objects from before replication was turned on, and deletions, are not copied",
    )


def _agent(scope: Scope, keys: GcpKeys) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    target = scope.target(GcpTarget)
    transfer = keys.foundation.after("storagetransfer", "pubsub")
    # Storage Transfer creates its account when asked for it; no resource does.
    agent = storage.get_transfer_project_service_account_output(
        project=target.project,
        opts=pulumi.InvokeOutputOptions(parent=scope.component, depends_on=list(transfer)),
    ).member
    # It creates its own topic and subscription for the events of the source, which Cloud Storage publishes.
    events = tuple(
        projects.IAMMember(
            scope.child(f"replication-{name}"),
            project=target.project,
            role=role,
            member=member,
            opts=scope.opts(depends_on=transfer),
        )
        for name, role, member in (
            ("events", "roles/pubsub.editor", agent),
            ("publisher", "roles/pubsub.publisher", keys.foundation.agents["storage"]),
        )
    )
    return agent, events


def _job(
    scope: Scope,
    place: Place,
    source: storage.Bucket,
    sink: storage.Bucket,
    after: tuple[pulumi.Resource, ...],
) -> None:
    storage.TransferJob(
        scope.child(f"{place}-replication"),
        project=scope.target(GcpTarget).project,
        description=f"{platform_name(scope.spec, ' ')}: copies of {place}",
        status="ENABLED",
        replication_spec=storage.TransferJobReplicationSpecArgs(
            gcs_data_source=storage.TransferJobReplicationSpecGcsDataSourceArgs(bucket_name=source.name),
            gcs_data_sink=storage.TransferJobReplicationSpecGcsDataSinkArgs(bucket_name=sink.name),
            transfer_options=storage.TransferJobReplicationSpecTransferOptionsArgs(
                overwrite_when="DIFFERENT",
                metadata_options=storage.TransferJobReplicationSpecTransferOptionsMetadataOptionsArgs(
                    kms_key="KMS_KEY_DESTINATION_BUCKET_DEFAULT",
                    storage_class="STORAGE_CLASS_DESTINATION_BUCKET_DEFAULT",
                ),
            ),
        ),
        opts=scope.opts(depends_on=after),
    )
