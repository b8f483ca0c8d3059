"""Prices of S3 buckets."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.rules.stores import charge_storage
from mlplatform.plan.model import Step


def _bucket(step: Step, context: CostContext) -> Iterator[CostPart]:
    usage = context.usage.storage
    place = step.name.rpartition("-store-")[2]
    yield from charge_storage(usage.place_gib(place), usage.cool_share, "objects", "objects-infrequent")
    yield Charge("objects-write", "million", usage.writes_million, "writes and lists")
    yield Charge("objects-read", "million", usage.reads_million, "reads")


RULES: CostRules = {"aws:s3/bucket:Bucket": _bucket, "aws:s3/bucketV2:BucketV2": _bucket}
