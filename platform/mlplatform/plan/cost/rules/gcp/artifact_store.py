"""Prices of Cloud Storage buckets."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.rules.stores import charge_storage
from mlplatform.plan.cost.values import as_items, as_text, value_at
from mlplatform.plan.model import Step

_DEFINITIONS = "-models-definitions"
_DEFINITIONS_GIB = 0.1


def _bucket(step: Step, context: CostContext) -> Iterator[CostPart]:
    if step.name.endswith(_DEFINITIONS):
        kept = Range.exactly(_DEFINITIONS_GIB)
        yield Charge("objects/STANDARD", "gib-month", kept, "definitions and decisions of pipelines")
        return
    usage = context.usage.storage
    place = step.name.rpartition("-store-")[2]
    warm = as_text(step.inputs.get("storageClass")) or "STANDARD"
    yield from charge_storage(
        usage.place_gib(place), usage.cool_share, f"objects/{warm}", f"objects/{_cool(step) or warm}"
    )
    yield Charge("objects-write", "million", usage.writes_million, "writes and lists")
    yield Charge("objects-read", "million", usage.reads_million, "reads")


def _cool(step: Step) -> str:
    """The class that the lifecycle moves objects to."""
    classes = (
        as_text(value_at(rule, "action", "storageClass")) for rule in as_items(step.inputs.get("lifecycleRules"))
    )
    return next((name for name in classes if name), "")


RULES: CostRules = {"gcp:storage/bucket:Bucket": _bucket}
