"""Keys and secrets."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.model import Step


def _key(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step
    yield Charge("key", "month", Range.of(1), "key")
    yield Charge("key-operations", "thousand", context.usage.small.key_operations_thousand, "operations")


def _secret(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("secret", "month", Range.of(1), "secret")


RULES: CostRules = {"aws:kms/key:Key": _key, "aws:secretsmanager/secret:Secret": _secret}
