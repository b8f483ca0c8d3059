"""Endpoints: the instances of their variants, within the bounds of the autoscaler or the variant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.json_text import parse_document
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap, Gpus
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.aws.features import online_group
from mlplatform.plan.cost.rules.nodes import count_range
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step, Value

_TARGET = "aws:appautoscaling/target:Target"
_ENGINE_TYPES = ("AWS::SageMaker::EndpointConfig",)


def _config(step: Step, context: CostContext) -> Iterator[CostPart]:
    for variant in as_items(step.inputs.get("productionVariants")):
        yield from _variant(step, context, variant, _bounds(step, context, variant))
    for variant in as_items(step.inputs.get("shadowProductionVariants")):
        count = as_number(value_at(variant, "initialInstanceCount"))
        yield from _variant(step, context, variant, (count, count))


def _cloud_control(step: Step, context: CostContext) -> Iterator[CostPart]:
    if step.inputs.get("typeName") == "AWS::SageMaker::FeatureGroup":
        yield online_group()
        return
    if step.inputs.get("typeName") not in _ENGINE_TYPES:
        return  # it runs on the instances of the configuration
    state = _state(step)
    if state is None:
        yield Gap("its machine type is in a text that is unknown before creation: give a resolved plan or a spec")
        return
    for variant in as_items(value_at(state, "productionVariants")):
        scaling = value_at(variant, "managedInstanceScaling")
        count = as_number(value_at(variant, "initialInstanceCount"))
        least = as_number(value_at(scaling, "minInstanceCount"), count)
        yield from _variant(step, context, variant, (least, as_number(value_at(scaling, "maxInstanceCount"), count)))


def _variant(step: Step, context: CostContext, variant: Value, bounds: tuple[float, float]) -> Iterator[CostPart]:
    machine = as_text(value_at(variant, "instanceType"))
    if not machine:
        yield Gap("the machine type is unknown before creation")
        return
    name = context.name_in_spec(step, "endpoint")
    count = count_range(*bounds, context.usage.endpoint(name).utilisation)
    _, accelerator = context.machine(machine.removeprefix("ml."))
    gpus = Gpus(f"endpoint {name}", machine, str(accelerator), accelerator.count, "on-demand") if accelerator else None
    what = f"{machine}, variant {as_text(value_at(variant, 'variantName'))}"
    yield Charge(f"serving/{machine}", "hour", count * HOURS, what, gpus=gpus)


def _bounds(step: Step, context: CostContext, variant: Value) -> tuple[float, float]:
    """Minimum and maximum of instances: the variant's scalable target's, else its initial count."""
    name = as_text(value_at(variant, "variantName"))
    for target in context.siblings(step, _TARGET):
        if as_text(target.inputs.get("resourceId")).endswith(f"/variant/{name}") or target.name.endswith(f"-{name}"):
            return as_number(target.inputs.get("minCapacity")), as_number(target.inputs.get("maxCapacity"))
    count = as_number(value_at(variant, "initialInstanceCount"))
    return count, count


def _state(step: Step) -> Value:
    """The state in the text; None where it is unknown or not JSON."""
    return _upper_to_lower(parse_document(as_text(step.inputs.get("desiredState"))))


def _upper_to_lower(value: object) -> object:
    """CloudFormation's names as Pulumi writes them."""
    match value:
        case Mapping():
            pairs = cast("Mapping[str, object]", value).items()
            return {key[:1].lower() + key[1:]: _upper_to_lower(item) for key, item in pairs}
        case list():
            return [_upper_to_lower(item) for item in cast("list[object]", value)]
        case _:
            return value


RULES: CostRules = {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _config,
    "aws:cloudcontrol/resource:Resource": _cloud_control,
}
