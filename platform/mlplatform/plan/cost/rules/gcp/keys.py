"""Keys and secrets."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Step


def _key(step: Step, context: CostContext) -> Iterator[CostPart]:
    if value_at(step.inputs, "versionTemplate", "protectionLevel") not in (None, "SOFTWARE"):
        yield Gap("HSM keys have prices by algorithm, which the price file does not contain", minor=True)
        return
    yield Charge("key-version", "month", Range.exactly(1), "key version; each rotation adds one")
    yield Charge("key-operations", "thousand", context.usage.small.key_operations_thousand, "operations")


def _secret(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("secret-version", "month", Range.exactly(1), "secret version, per location")


RULES: CostRules = {
    "gcp:kms/cryptoKey:CryptoKey": _key,
    "gcp:secretmanager/secretVersion:SecretVersion": _secret,
}
