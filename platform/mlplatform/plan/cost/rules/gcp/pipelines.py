"""The programs that a clock starts: what starts runs of pipelines, again and again; what looks or fills by the hour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.quantities import cpus, gibibytes
from mlplatform.plan.cost.values import as_items, as_text, value_at
from mlplatform.plan.model import Step

_LEAST_SECONDS = 60
"""Shortest time for which an execution of a job is billed: https://cloud.google.com/run/pricing (2026-11)"""
_EVERY = re.compile(r"\*/([0-9]{1,2}) \* \* \* \*")


_HOURS_OF_DAY = re.compile(r"[0-9]{1,2} ([0-9]{1,2}(?:,[0-9]{1,2})*) \* \* \*")

_LOOK_SECONDS = Range(120, 300, 1800)
"""A look of a monitor, or a fill, the start of its container included: our own estimate."""


def _starts(schedule: str) -> tuple[float, Range, str] | None:
    """Starts in a month, seconds of each, and how often that is; None where the schedule is of another form."""
    if every := _EVERY.fullmatch(schedule):
        return HOURS * 60 / int(every[1]), Range.exactly(_LEAST_SECONDS), f"every {every[1]} minutes"
    if hours := _HOURS_OF_DAY.fullmatch(schedule):
        times = hours[1].count(",") + 1
        return HOURS / 24 * times, _LOOK_SECONDS, f"{times} times a day"
    return None


def _job(step: Step, context: CostContext) -> Iterator[CostPart]:
    clocks = (as_text(clock.inputs.get("schedule")) for clock in context.siblings(step, _CLOCK))
    found = next(filter(None, map(_starts, clocks)), None)
    if found is None:
        yield Gap("nobody knows how often it is started")
        return
    starts, seconds, often = found
    for container in as_items(value_at(step.inputs, "template", "template", "containers")):
        limits = value_at(container, "resources", "limits")
        cpu, memory = cpus(value_at(limits, "cpu"), 1), gibibytes(value_at(limits, "memory"), 0.5)
        yield Charge("run/cpu", "second", seconds * (starts * cpu), f"{cpu:g} vCPU, {often}")
        yield Charge("run/memory", "second", seconds * (starts * memory), f"{memory:g} GiB, {often}")


def _airflow(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Gap("an Airflow is billed by units of compute that its size does not tell; it costs also while nothing runs")


_CLOCK = "gcp:cloudscheduler/job:Job"

RULES: CostRules = {"gcp:cloudrunv2/job:Job": _job, "gcp:composer/environment:Environment": _airflow}
