"""The program that starts runs of pipelines: a short job of Cloud Run, again and again."""

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


def _job(step: Step, context: CostContext) -> Iterator[CostPart]:
    clocks = (as_text(clock.inputs.get("schedule")) for clock in context.siblings(step, _CLOCK))
    found = next((match for clock in clocks if (match := _EVERY.fullmatch(clock))), None)
    if found is None:
        yield Gap("nobody knows how often it is started")
        return
    starts = HOURS * 60 / int(found[1])
    for container in as_items(value_at(step.inputs, "template", "template", "containers")):
        limits = value_at(container, "resources", "limits")
        cpu, memory = cpus(value_at(limits, "cpu"), 1), gibibytes(value_at(limits, "memory"), 0.5)
        seconds = Range.exactly(starts * _LEAST_SECONDS)
        yield Charge("run/cpu", "second", seconds * cpu, f"a minute of {cpu:g} vCPU every {found[1]} minutes")
        yield Charge("run/memory", "second", seconds * memory, f"a minute of {memory:g} GiB every {found[1]} minutes")


_CLOCK = "gcp:cloudscheduler/job:Job"

RULES: CostRules = {"gcp:cloudrunv2/job:Job": _job}
