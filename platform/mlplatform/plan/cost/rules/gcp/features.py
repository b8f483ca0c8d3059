"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import as_text
from mlplatform.plan.model import Step


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A database that is paid by the request; what is recovered from costs what is stored."""
    usage, share = context.usage.features, context.share(step)
    yield Charge("firestore-write", "million", usage.writes_million * share, "keys written")
    yield Charge("firestore-read", "million", usage.lookups_million * share, "keys looked up")
    yield Charge("firestore-storage", "gib-month", usage.online_gib * share, "values online")
    if as_text(step.inputs.get("pointInTimeRecoveryEnablement")).endswith("_ENABLED"):
        yield Charge("firestore-recovery", "gib-month", usage.online_gib * share, "the last seven days of them")


RULES: CostRules = {"gcp:firestore/database:Database": _online}
"""Cost rules of GCP by type token."""
