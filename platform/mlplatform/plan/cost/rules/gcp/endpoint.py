"""Endpoints: CPU, memory and GPU per second of each instance of Cloud Run, machines of Vertex AI by the hour."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.json_text import parse_document
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap, Gpus
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.quantities import cpus, gibibytes
from mlplatform.plan.cost.rules.nodes import count_range
from mlplatform.plan.cost.values import as_entries, as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step, Value

_DEFAULT_MOST = 100
"""Maximum of instances of a service that sets none: https://cloud.google.com/run/docs/configuring/max-instances"""
_SECONDS = HOURS * 3600


def _service(step: Step, context: CostContext) -> Iterator[CostPart]:
    template = step.inputs.get("template")
    containers = as_items(value_at(template, "containers"))
    if not containers:
        yield Gap("its containers are unknown before creation")
        return
    name = context.name_in_spec(step, "endpoint")
    least = as_number(value_at(template, "scaling", "minInstanceCount"))
    most = as_number(value_at(template, "scaling", "maxInstanceCount"), _DEFAULT_MOST)
    seconds = count_range(least, most, context.usage.endpoint(name).utilisation) * _SECONDS
    limits = [value_at(container, "resources", "limits") for container in containers]
    cpu = sum(cpus(value_at(limit, "cpu"), 1) for limit in limits)
    memory = sum(gibibytes(value_at(limit, "memory"), 0.5) for limit in limits)
    # without cpuIdle = false an instance is billed only while it handles requests, at another price
    billed = "" if any(value_at(box, "resources", "cpuIdle") is False for box in containers) else "-on-request"
    yield Charge(f"run/cpu{billed}", "second", seconds * cpu, f"{cpu:g} vCPUs of each instance")
    yield Charge(f"run/memory{billed}", "second", seconds * memory, f"{memory:g} GiB of each instance")
    devices = sum(int(as_number(value_at(limit, "nvidia.com/gpu"))) for limit in limits)
    if devices:
        yield _gpu(template, name, devices, seconds * devices)


def _gpu(template: Value, name: str, devices: int, seconds: Range) -> CostPart:
    model = as_text(value_at(template, "nodeSelector", "accelerator")) or "nvidia-l4"
    sku = f"run/gpu/{model}" if value_at(template, "gpuZonalRedundancyDisabled") is True else f"run/gpu/{model}+zonal"
    title = _TITLES.get(model, model)
    gpus = Gpus(f"endpoint {name}", model, f"{title}:{devices}", 1, "serverless")
    return Charge(sku, "second", seconds, f"{model} of each instance", gpus=gpus)


_TITLES = {"nvidia-l4": "L4", "nvidia-rtx-pro-6000": "RTX-PRO-6000"}


def _vertex(step: Step, context: CostContext) -> Iterator[CostPart]:
    """Machines of the deployments that the endpoint's workflow is told to make; none while it waits for a model."""
    name = context.name_in_spec(step, "endpoint")
    for flow in context.siblings(step, _WORKFLOW):
        for key, variant in sorted(as_entries(flow.inputs.get("userEnvVars"))):
            if key.startswith(_VARIANT):
                yield _deployment(key.removeprefix(_VARIANT), parse_document(as_text(variant)), name, context)


def _deployment(variant: str, wanted: object, name: str, context: CostContext) -> CostPart:
    machine = as_text(value_at(wanted, "machineSpec", "machineType"))
    if not machine:
        return Gap(f"the machine of variant {variant} is unknown before creation")
    least, most = as_number(value_at(wanted, "minReplicaCount")), as_number(value_at(wanted, "maxReplicaCount"))
    _, accelerator = context.machine(f"{MACHINE_OF_VERTEX}{machine}")
    gpus = Gpus(f"endpoint {name}", machine, str(accelerator), accelerator.count, "on-demand") if accelerator else None
    hours = count_range(least, most, context.usage.endpoint(name).utilisation) * HOURS
    return Charge(f"vertex/{machine}", "hour", hours, f"{machine}, variant {variant}", gpus=gpus)


_WORKFLOW = "gcp:workflows/workflow:Workflow"
_VARIANT = "VARIANT_"
MACHINE_OF_VERTEX = "vertex-"
"""First part of the catalogue's names of Vertex AI's machines."""

RULES: CostRules = {"gcp:cloudrunv2/service:Service": _service, "gcp:vertex/aiEndpoint:AiEndpoint": _vertex}
