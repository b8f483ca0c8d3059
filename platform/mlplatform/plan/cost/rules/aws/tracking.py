"""The tracking server's database."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number, as_text
from mlplatform.plan.model import Step


def _database(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A standby costs what the first one does. Backups up to the disk's size are in its price."""
    del context
    machine, copies = as_text(step.inputs.get("instanceClass")), 2 if step.inputs.get("multiAz") is True else 1
    yield Charge(f"postgres/{machine}", "hour", Range.exactly(HOURS * copies), f"database, {copies} x {machine}")
    size, most = as_number(step.inputs.get("allocatedStorage")), as_number(step.inputs.get("maxAllocatedStorage"))
    yield Charge("postgres-disk", "gib-month", Range(size, size, max(size, most)) * copies, "disk of the database")
    yield Charge("secret", "month", Range.exactly(1), "password")


def _app(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Gap("MLflow apps have prices that the price file does not contain")


RULES: CostRules = {"aws:rds/instance:Instance": _database, "aws:sagemaker/mlflowApp:MlflowApp": _app}
