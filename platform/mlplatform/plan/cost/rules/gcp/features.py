"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number, as_text, value_at
from mlplatform.plan.model import Step


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A database that is paid by the request; what is recovered from costs what is stored."""
    usage, share = context.usage.features, context.share(step)
    yield Charge("firestore-write", "million", usage.writes_million * share, "keys written")
    yield Charge("firestore-read", "million", usage.lookups_million * share, "keys looked up")
    yield Charge("firestore-storage", "gib-month", usage.online_gib * share, "values online")
    if as_text(step.inputs.get("pointInTimeRecoveryEnablement")).endswith("_ENABLED"):
        yield Charge("firestore-recovery", "gib-month", usage.online_gib * share, "the last seven days of them")


def _nodes(step: Step, context: CostContext) -> Iterator[CostPart]:
    """The nodes of Vertex AI's store: one is enough for what most platforms ask."""
    del context
    least, most = (
        as_number(value_at(step.inputs, "bigtable", "autoScaling", name), 1)
        for name in ("minNodeCount", "maxNodeCount")
    )
    nodes = Range(least, least, most)
    yield Charge("vertex-features-node", "hour", nodes * HOURS, "nodes of Vertex AI's store")


def _table(step: Step, context: CostContext) -> Iterator[CostPart]:
    gib = context.usage.features.online_gib * context.share(step)
    yield Charge("bigquery-storage", "gib-month", gib, "newest values")
    yield Gap("queries that fill it are paid by the TiB that they read, which the plan does not say", minor=True)


RULES: CostRules = {
    "gcp:firestore/database:Database": _online,
    "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore": _nodes,
    "gcp:bigquery/table:Table": _table,
}
"""Cost rules of GCP by type token."""
