"""The layers of a plan: the cloud's resources, and what is inside its cluster, each in a stack of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mlplatform.components.names import CLUSTER_SUFFIX, LAYERS, Layer
from mlplatform.plan.model import Plan, Step

_INNER = ("mlplatform:index:ClusterLayer", "mlplatform:index:Teams")


def layers_in(plan: Plan) -> frozenset[Layer]:
    """The layers of which a plan has resources; of an empty one, the layer that its stack's name tells."""
    found: set[Layer] = {layer_of(plan, step) for step in plan.steps if step.custom or step.type in _INNER}
    return frozenset(found or {"cluster" if plan.stack.endswith(CLUSTER_SUFFIX) else "cloud"})


def layer_of(plan: Plan, step: Step) -> Layer:
    """The layer that a step is of."""
    if step.package == "kubernetes" or step.type in (*_INNER, "pulumi:providers:kubernetes"):
        return "cluster"
    stack = step.urn.split("::", 1)[0].removeprefix("urn:pulumi:")
    return "cluster" if stack == f"{plan.stack}{CLUSTER_SUFFIX}" or plan.stack.endswith(CLUSTER_SUFFIX) else "cloud"


def only_layers(plan: Plan, layers: Collection[Layer]) -> Plan:
    """The part of a plan that is of these layers."""
    if set(layers) >= set(LAYERS):
        return plan
    steps = tuple(step for step in plan.steps if layer_of(plan, step) in layers)
    inner = "cluster" in layers and not plan.stack.endswith(CLUSTER_SUFFIX)
    return replace(plan, steps=steps, stack=f"{plan.stack}{CLUSTER_SUFFIX}" if inner else plan.stack)
