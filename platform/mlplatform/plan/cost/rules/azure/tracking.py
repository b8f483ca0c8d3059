"""The tracking server's database."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number, as_text, value_at
from mlplatform.plan.model import Step


def _database(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A standby costs what the first one does. Backups up to the disk's size are in its price."""
    del context
    machine = as_text(value_at(step.inputs, "sku", "name"))
    mode = as_text(value_at(step.inputs, "highAvailability", "mode"))
    copies = 1 if mode in ("", "Disabled") else 2
    yield Charge(f"postgres/{machine}", "hour", Range.exactly(HOURS * copies), f"database, {copies} x {machine}")
    size = as_number(value_at(step.inputs, "storage", "storageSizeGB")) * copies
    yield Charge("postgres-disk", "gib-month", Range.exactly(size), "disk of the database")


RULES: CostRules = {"azure-native:dbforpostgresql:Server": _database}
