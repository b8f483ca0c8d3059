"""Online endpoints, whose deployments are in templates, and Container Apps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap, Gpus
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.prices import MACHINE
from mlplatform.plan.cost.quantities import cpus, gibibytes
from mlplatform.plan.cost.rules.nodes import count_range
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step, Value

_SETTING = "azure-native:monitor:AutoscaleSetting"
_DEPLOYMENT = "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
_DEFAULT_MOST = 10
"""Maximum of replicas of an app that sets none: https://learn.microsoft.com/azure/container-apps/scale-app"""
_SECONDS = HOURS * 3600


def _template(step: Step, context: CostContext) -> Iterator[CostPart]:
    for resource in as_items(value_at(step.inputs, "properties", "template", "resources")):
        if as_text(value_at(resource, "type")).lower() == _DEPLOYMENT:
            yield from _deployment(step, context, resource)


def _deployment(step: Step, context: CostContext, resource: Value) -> Iterator[CostPart]:
    machine = as_text(value_at(resource, "properties", "instanceType"))
    if not machine:
        yield Gap("its machine size is unknown before creation")
        return
    name = context.name_in_spec(step, "endpoint")
    count = count_range(*_bounds(step, context, resource), context.usage.endpoint(name).utilisation)
    label, accelerator = context.machine(machine)
    gpus = Gpus(f"endpoint {name}", machine, str(accelerator), accelerator.count, "on-demand") if accelerator else None
    what = f"{machine}, deployment {as_text(value_at(resource, 'name')).rpartition('/')[2]}"
    yield Charge(MACHINE + label, "hour", count * HOURS, what, gpus=gpus)


def _bounds(step: Step, context: CostContext, resource: Value) -> tuple[float, float]:
    """Minimum and maximum of the deployment's autoscale setting, else its initial count."""
    deployment = as_text(value_at(resource, "name")).rpartition("/")[2]
    for setting in context.siblings(step, _SETTING):
        if deployment and as_text(setting.inputs.get("autoscaleSettingName")).endswith(deployment):
            capacity = value_at(setting.inputs, "profiles", 0, "capacity")
            return as_number(value_at(capacity, "minimum")), as_number(value_at(capacity, "maximum"))
    count = as_number(value_at(resource, "sku", "capacity"), 1)
    return count, count


def _app(step: Step, context: CostContext) -> Iterator[CostPart]:
    template = step.inputs.get("template")
    containers = as_items(value_at(template, "containers"))
    if not containers:
        yield Gap("its containers are unknown before creation")
        return
    name = context.name_in_spec(step, "endpoint")
    least = as_number(value_at(template, "scale", "minReplicas"))
    most = as_number(value_at(template, "scale", "maxReplicas"), _DEFAULT_MOST)
    seconds = count_range(least, most, context.usage.endpoint(name).utilisation) * _SECONDS
    cpu = sum(cpus(value_at(container, "resources", "cpu"), 0.5) for container in containers)
    memory = sum(gibibytes(value_at(container, "resources", "memory"), 1) for container in containers)
    yield Charge("apps/cpu", "second", seconds * cpu, f"{cpu:g} vCPUs of each replica")
    yield Charge("apps/memory", "second", seconds * memory, f"{memory:g} GiB of each replica")
    profile = as_text(step.inputs.get("workloadProfileName"))
    if "gpu" in profile.lower():
        title = profile.rpartition("-")[2].upper()
        gpus = Gpus(f"endpoint {name}", profile, f"{title}:1", 1, "serverless")
        yield Charge(f"apps/gpu/{title}", "second", seconds, f"{title} of each replica", gpus=gpus)


_JOB_SECONDS = Range(8.0, 20.0, 60.0)
"""How long a program runs that looks for work and finds little, its container's start included: our own estimate."""

_LOOK_SECONDS = Range(120.0, 300.0, 1800.0)
"""How long a monitor of a model looks: our own estimate."""


def _job(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A job that wakes up every few minutes.

    https://learn.microsoft.com/azure/container-apps/billing
    """
    del context
    cron = as_text(value_at(step.inputs, "configuration", "scheduleTriggerConfig", "cronExpression"))
    minutes, looks = _EVERY.fullmatch(cron), _HOURS_OF_DAY.fullmatch(cron)
    if minutes:
        seconds, often = _JOB_SECONDS * (HOURS * 60 / int(minutes[1])), f"every {minutes[1]} minutes"
    elif looks:
        times = looks[1].count(",") + 1
        seconds, often = _LOOK_SECONDS * (HOURS / 24 * times), f"{times} times a day"
    else:
        yield Gap("its schedule is unknown before creation")
        return
    for container in as_items(value_at(step.inputs, "template", "containers")):
        cpu, memory = (
            cpus(value_at(container, "resources", "cpu"), 0.5),
            gibibytes(value_at(container, "resources", "memory"), 1),
        )
        yield Charge("apps/cpu", "second", seconds * cpu, f"{cpu:g} vCPUs {often}")
        yield Charge("apps/memory", "second", seconds * memory, f"{memory:g} GiB {often}")


_HOURS_OF_DAY = re.compile(r"0 ([0-9,]+) \* \* \*")
_EVERY = re.compile(r"\*/(\d+) \* \* \* \*")

RULES: CostRules = {
    "azure-native:resources:Deployment": _template,
    "azure-native:app:ContainerApp": _app,
    "azure-native:app:Job": _job,
}
