"""Replicas of the places in a second region."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import iam, kms, s3

from mlplatform.backends.aws.artifact_store.lifecycle import is_disposable, place_rules
from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.keys.key_policy import key_policy
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.storage.access_logs import make_log_bucket
from mlplatform.backends.aws.storage.bucket import AwsBucket, BucketPlan, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import ArtifactStoreSpec, Place

_FROM = ("s3:GetReplicationConfiguration", "s3:ListBucket")
_READ = (
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:GetObjectRetention",
    "s3:GetObjectLegalHold",
)
_WRITE = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")


def replicate_places(
    scope: Scope,
    spec: ArtifactStoreSpec,
    sources: Mapping[Place, AwsBucket],
    key_arn: pulumi.Output[str],
    log_days: int,
) -> None:
    """Copy every new object to a bucket with the same settings; older objects need a batch job."""
    region = scope.target(AwsTarget).replica_region
    if region is None:
        raise ValueError("a replicated store needs the target's replica_region")
    scope.note(
        "artifact_store.replicated",
        "run an S3 Batch Operations job to copy objects that are older than the replication",
    )
    replica_key = _key(scope, region)
    logs = None
    if spec.access_logs:
        roles = [f"replica-{place.place}" for place in spec.places()]
        logs = make_log_bucket(scope, "replica-access-logs", roles, days=log_days, region=region)
    replicas: dict[Place, AwsBucket] = {}
    for place in spec.places():
        plan = BucketPlan(
            role=f"replica-{place.place}",
            region=region,
            key_arn=replica_key,
            versioned=True,
            rules=place_rules(place),
            disposable=is_disposable(scope, place),
            protected=scope.defaults.protected and not place.disposable,
            worm=place.worm,
            logs_to=logs.bucket if logs else None,
        )
        replicas[place.place] = make_bucket(scope, plan)
    role, rights = _role(scope, region, sources, replicas, key_arn, replica_key)
    for place, source in sources.items():
        s3.BucketReplicationConfig(
            scope.child(f"{place}-replication"),
            bucket=source.bucket.id,
            role=role.arn,
            rules=[_rule(replicas[place], replica_key)],
            opts=scope.opts(depends_on=[rights, source.settled, replicas[place].settled]),
        )


def _key(scope: Scope, region: str) -> pulumi.Output[str]:
    name = physical_name(scope.spec, "store-replica", LONG)
    key = kms.Key(
        scope.child("replica-key"),
        description=f"{name}: objects of the artifact store's replica",
        enable_key_rotation=True,
        rotation_period_in_days=scope.spec.keys.rotation_days,
        deletion_window_in_days=scope.spec.keys.deletion_window_days or scope.defaults.key_deletion_days,
        policy=key_policy(scope.target(AwsTarget), "store"),
        region=region,
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None),
    )
    kms.Alias(
        scope.child("replica-key-alias"),
        name=f"alias/{name}",
        target_key_id=key.key_id,
        region=region,
        opts=scope.opts(delete_before_replace=True),
    )
    return key.arn


def _rule(replica: AwsBucket, replica_key: pulumi.Output[str]) -> s3.BucketReplicationConfigRuleArgs:
    encrypted = s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status="Enabled")
    destination = s3.BucketReplicationConfigRuleDestinationArgs(
        bucket=replica.arn,
        storage_class="STANDARD",
        encryption_configuration=s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
            replica_kms_key_id=replica_key
        ),
    )
    return s3.BucketReplicationConfigRuleArgs(
        id="everything",
        status="Enabled",
        priority=0,
        # an empty filter selects the current form of rules, the only one that copies delete markers
        filter=s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
        delete_marker_replication=s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(status="Enabled"),
        source_selection_criteria=s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
            sse_kms_encrypted_objects=encrypted
        ),
        destination=destination,
    )


def _role(
    scope: Scope,
    region: str,
    sources: Mapping[Place, AwsBucket],
    replicas: Mapping[Place, AwsBucket],
    key_arn: pulumi.Output[str],
    replica_key: pulumi.Output[str],
) -> tuple[iam.Role, iam.RolePolicy]:
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("replication-role"),
        name=physical_name(scope.spec, "replication", ROLE),
        assume_role_policy=service_trust("s3.amazonaws.com"),
        tags=scope.tags,
        opts=scope.opts(),
    )

    def via(region: str) -> dict[str, dict[str, str]]:
        return {"StringEquals": {"kms:ViaService": f"s3.{region}.{target.dns_suffix}"}}

    def objects(buckets: Mapping[Place, AwsBucket]) -> list[pulumi.Output[str]]:
        return [pulumi.Output.concat(bucket.arn, "/*") for bucket in buckets.values()]

    rights = iam.RolePolicy(
        scope.child("replication-rights"),
        name="replicate",
        role=role.name,
        policy=policy_document(
            IamStatement(sid="From", actions=_FROM, resources=[bucket.arn for bucket in sources.values()]),
            IamStatement(sid="Read", actions=_READ, resources=objects(sources)),
            IamStatement(sid="Write", actions=_WRITE, resources=objects(replicas)),
            IamStatement(sid="Decrypt", actions=("kms:Decrypt",), resources=key_arn, conditions=via(target.region)),
            IamStatement(
                sid="Encrypt",
                actions=("kms:Encrypt", "kms:GenerateDataKey"),
                resources=replica_key,
                conditions=via(region),
            ),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    return role, rights
