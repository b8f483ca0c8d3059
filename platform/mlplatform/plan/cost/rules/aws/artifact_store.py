"""Buckets."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, Part, Rules
from mlplatform.plan.cost.context import Context
from mlplatform.plan.cost.rules.stores import stored
from mlplatform.plan.model import Step


def _bucket(step: Step, context: Context) -> Iterator[Part]:
    usage = context.usage.storage
    place = step.name.rpartition("-store-")[2]
    yield from stored(usage.place_gib(place), usage.cool_share, "objects", "objects-infrequent")
    yield Charge("objects-write", "million", usage.writes_million, "writes and lists")
    yield Charge("objects-read", "million", usage.reads_million, "reads")


RULES: Rules = {"aws:s3/bucket:Bucket": _bucket, "aws:s3/bucketV2:BucketV2": _bucket}
