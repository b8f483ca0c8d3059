"""The tracking server's database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number, as_text, value_at
from mlplatform.plan.model import Step


def _database(step: Step, context: CostContext) -> Iterator[CostPart]:
    """vCPUs, memory and disk by themselves; a standby costs what the first one does."""
    del context
    copies = 2 if value_at(step.inputs, "settings", "availabilityType") == "REGIONAL" else 1
    tier = as_text(value_at(step.inputs, "settings", "tier"))
    match = re.fullmatch(r"db-custom-(\d+)-(\d+)", tier)
    if match:
        cpus, gib = int(match[1]), int(match[2]) / 1024
        yield Charge(
            "postgres-vcpu", "hour", Range.exactly(HOURS * cpus * copies), f"database, {copies} x {cpus} vCPUs"
        )
        yield Charge(
            "postgres-memory", "hour", Range.exactly(HOURS * gib * copies), f"{copies} x {gib:g} GiB of memory"
        )
    else:
        yield Gap(f"the price file has no databases of the machine {tier}")
    size = as_number(value_at(step.inputs, "settings", "diskSize")) * copies
    yield Charge("postgres-disk", "gib-month", Range.exactly(size), "disk of the database")
    if value_at(step.inputs, "settings", "backupConfiguration", "enabled") is True:
        used = Range(0, size / 2, size)
        yield Charge("postgres-backup", "gib-month", used, "backups of what is used of the disk")


def _way_in(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Gap("endpoints of Private Service Connect have a price that the price file does not contain", minor=True)


RULES: CostRules = {
    "gcp:sql/databaseInstance:DatabaseInstance": _database,
    "gcp:compute/forwardingRule:ForwardingRule": _way_in,
}
