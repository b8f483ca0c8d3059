"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.model import Step


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Gap(
        "the database of features is paid by request and GiB, at prices that the price file does not contain",
        minor=True,
    )


RULES: CostRules = {"gcp:firestore/database:Database": _online}
"""Cost rules of GCP by type token."""
