"""The programs that a schedule starts: what decides which runs of pipelines start, and monitors of models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_number, as_text
from mlplatform.plan.model import Step
from mlplatform.spec.triggers import TICK_MINUTES

_MINUTES = Range(1, 1, 2)
"""A task of Fargate is billed for at least a minute; a look takes less."""


_LOOK_MINUTES = Range(2, 5, 30)
"""A look of a monitor, the start of its container included: our own estimate."""

_HOURS_OF_DAY = re.compile(r"cron\(0 ([0-9,]+) \* \* \? \*\)")


def _task(step: Step, context: CostContext) -> Iterator[CostPart]:
    clocks = context.siblings(step, "aws:scheduler/schedule:Schedule")
    looks = next(
        filter(None, (_HOURS_OF_DAY.fullmatch(as_text(e.inputs.get("scheduleExpression"))) for e in clocks)), None
    )
    if looks:
        hours, what = _LOOK_MINUTES * (looks[1].count(",") + 1) * (HOURS / 24 / 60), "the monitor"
    else:
        hours, what = _MINUTES * (HOURS / TICK_MINUTES), "the door"
    yield Charge("fargate-vcpu", "hour", hours * (as_number(step.inputs.get("cpu"), 256) / 1024), f"CPU of {what}")
    yield Charge(
        "fargate-memory", "hour", hours * (as_number(step.inputs.get("memory"), 512) / 1024), f"memory of {what}"
    )


def _counted(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("metric", "month", Range.exactly(1), "metric of a log")


def _airflow(step: Step, context: CostContext) -> Iterator[CostPart]:
    """The environment has a scheduler, two web servers and one worker; more workers come and go with what runs."""
    del context
    size = as_text(step.inputs.get("environmentClass"))
    most = as_number(step.inputs.get("maxWorkers"), 1)
    yield Charge(f"airflow/{size}", "hour", Range.exactly(HOURS), f"Airflow, {size}")
    yield Charge(
        f"airflow-worker/{size}", "hour", Range(0, (most - 1) / 4, most - 1) * HOURS, "more workers, a quarter of them"
    )


RULES: CostRules = {
    "aws:ecs/taskDefinition:TaskDefinition": _task,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _counted,
    "aws:mwaa/environment:Environment": _airflow,
}
"""Cost rules of AWS by type token."""
