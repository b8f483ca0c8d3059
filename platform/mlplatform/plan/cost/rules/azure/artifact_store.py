"""Containers of blobs, at the redundancy of their storage account."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, Gap, Part, Rules
from mlplatform.plan.cost.context import Context, dig, text
from mlplatform.plan.cost.rules.stores import stored
from mlplatform.plan.model import Step

_ACCOUNT = "azure-native:storage:StorageAccount"


def _container(step: Step, context: Context) -> Iterator[Part]:
    account = context.source(step, "accountName", _ACCOUNT) or _by_name(step, context)
    redundancy = text(dig(account.inputs, "sku", "name")) if account else ""
    if not redundancy:
        yield Gap("the storage account it lies in is not part of the plan")
        return
    usage = context.usage.storage
    place = text(step.inputs.get("containerName")) or step.name.rpartition("-store-")[2]
    yield from stored(usage.place_gib(place), usage.cool_share, f"objects/{redundancy}", f"objects-cool/{redundancy}")
    yield Charge(f"objects-write/{redundancy}", "million", usage.writes_million, "writes and lists")
    yield Charge(f"objects-read/{redundancy}", "million", usage.reads_million, "reads")


def _by_name(step: Step, context: Context) -> Step | None:
    name = step.inputs.get("accountName")
    return next((one for one in context.of_type(_ACCOUNT) if name and one.inputs.get("accountName") == name), None)


RULES: Rules = {"azure-native:storage:BlobContainer": _container}
