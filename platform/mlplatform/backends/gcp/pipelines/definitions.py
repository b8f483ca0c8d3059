"""The definitions of pipelines as objects, in a bucket that the steps themselves cannot write.

A step may write the store's `pipelines` place. What starts the next run must not be there: a program in a step could
change it, and would run as whatever it writes. The digest of the content is in an object's name, and whoever starts a
run compares it.
"""

from __future__ import annotations

import hashlib

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.storage.access_logs import GcpAccessLogs
from mlplatform.backends.gcp.storage.bucket import make_bucket
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

BUCKET = "definitions"
"""Last part of the bucket's name."""

_FORMER_VERSIONS = 100
_FORMER_DAYS = 30


@record(kw_only=True)
class DefinitionBucket:
    """The bucket of definitions, and of what is decided about runs."""

    bucket: storage.Bucket
    """The bucket."""

    name: str
    """Its name, known beforehand."""


@record(kw_only=True)
class VertexDefinition:
    """A definition in the bucket."""

    object: storage.BucketObject
    """Where it is."""

    address: pulumi.Output[str]
    """Its address."""

    digest: str
    """SHA-256 of its content, in hexadecimal digits."""


def ensure_definitions(models: GcpModels, store: GcpStore) -> DefinitionBucket:
    """The bucket, built on first use; access to it is recorded with that to the store."""
    return models.share(DefinitionBucket, lambda: _build(models, store.access_logs))


def build_definition(scope: Scope, definitions: DefinitionBucket, pipeline: str, text: str) -> VertexDefinition:
    """Build the object of a pipeline's definition.

    Args:
        scope: the pipeline's.
        definitions: the bucket.
        pipeline: the pipeline's name.
        text: the definition.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    # another content is another object: whoever reads the old name meanwhile finds it whole, or not at all
    name = f"definitions/{pipeline}/{digest}.json"
    made = storage.BucketObject(
        scope.child("definition"),
        bucket=definitions.bucket.name,
        name=name,
        content=text,
        content_type="application/json",
        opts=scope.opts(),
    )
    return VertexDefinition(object=made, address=pulumi.Output.concat("gs://", made.bucket, f"/{name}"), digest=digest)


def _build(models: GcpModels, logs: GcpAccessLogs | None) -> DefinitionBucket:
    """Former versions of what a decision wrote are kept for a while: they show what was decided when."""
    scope = models.scope
    name = bucket_name(scope.spec, scope.target(GcpTarget), BUCKET)
    bucket = make_bucket(
        scope,
        models.keys,
        BUCKET,
        name=name,
        deleted=storage.BucketLifecycleRuleConditionArgs(
            days_since_noncurrent_time=_FORMER_DAYS, num_newer_versions=_FORMER_VERSIONS, with_state="ARCHIVED"
        ),
        logging=storage.BucketLoggingArgs(log_bucket=logs.bucket.name, log_object_prefix=BUCKET) if logs else None,
        after=[logs.writer] if logs else (),
    )
    return DefinitionBucket(bucket=bucket, name=name)
