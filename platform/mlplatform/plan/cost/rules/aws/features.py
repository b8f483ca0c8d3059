"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Step

_UNITS_OF_A_LOOKUP = 0.5
"""Read units of a look-up that need not see a write of the last second, as Feast's does by default."""


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A table that is paid by the request; keys of up to a KiB."""
    usage, share = context.usage.features, context.share(step)
    if step.inputs.get("billingMode") != "PAY_PER_REQUEST":
        yield Gap("the price file has no prices of capacity that is paid by the hour")
        return
    yield Charge("dynamodb-write", "million", usage.writes_million * share, "keys written")
    yield Charge("dynamodb-read", "million", usage.lookups_million * share * _UNITS_OF_A_LOOKUP, "keys looked up")
    yield Charge("dynamodb-storage", "gib-month", usage.online_gib * share, "values online")
    if value_at(step.inputs, "pointInTimeRecovery", "enabled") is True:
        yield Charge("dynamodb-recovery", "gib-month", usage.online_gib * share, "the last 35 days of them")


def online_group() -> Gap:
    """A feature group of SageMaker, which Cloud Control makes."""
    return Gap(
        "records of SageMaker's feature groups are paid by request and GiB, at prices that the price file does not "
        "contain",
        minor=True,
    )


RULES: CostRules = {"aws:dynamodb/table:Table": _online}
"""Cost rules of AWS by type token."""
