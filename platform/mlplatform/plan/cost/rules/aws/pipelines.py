"""The job that decides which runs of pipelines start."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number
from mlplatform.plan.model import Step
from mlplatform.spec.triggers import TICK_MINUTES

_MINUTES = Range(1, 1, 2)
"""A task of Fargate is billed for at least a minute; a look takes less."""


def _task(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    hours = _MINUTES * (HOURS / TICK_MINUTES)
    yield Charge("fargate-vcpu", "hour", hours * (as_number(step.inputs.get("cpu"), 256) / 1024), "CPU of the door")
    yield Charge(
        "fargate-memory", "hour", hours * (as_number(step.inputs.get("memory"), 512) / 1024), "memory of the door"
    )


def _counted(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("metric", "month", Range.exactly(1), "metric of a log")


RULES: CostRules = {
    "aws:ecs/taskDefinition:TaskDefinition": _task,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _counted,
}
"""Cost rules of AWS by type token."""
