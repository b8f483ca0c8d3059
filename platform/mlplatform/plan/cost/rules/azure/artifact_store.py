"""Blob containers, priced by the redundancy of their storage account."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.rules.stores import charge_storage
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.model import Step

_ACCOUNT = "azure-native:storage:StorageAccount"


def _container(step: Step, context: CostContext) -> Iterator[CostPart]:
    account = context.source(step, "accountName", _ACCOUNT) or _by_name(step, context)
    redundancy = as_text(value_at(account.inputs, "sku", "name")) if account else ""
    if not redundancy:
        yield Gap("its storage account is not part of the plan")
        return
    usage = context.usage.storage
    place = as_text(step.inputs.get("containerName")) or step.name.rpartition("-store-")[2]
    yield from charge_storage(
        usage.place_gib(place), usage.cool_share, f"objects/{redundancy}", f"objects-cool/{redundancy}"
    )
    yield Charge(f"objects-write/{redundancy}", "million", usage.writes_million, "writes and lists")
    yield Charge(f"objects-read/{redundancy}", "million", usage.reads_million, "reads")


def _by_name(step: Step, context: CostContext) -> Step | None:
    name = step.inputs.get("accountName")
    return next((one for one in context.of_type(_ACCOUNT) if name and one.inputs.get("accountName") == name), None)


RULES: CostRules = {"azure-native:storage:BlobContainer": _container}
