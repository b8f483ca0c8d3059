"""Builds a plan from steps, with the stack, project and cloud found in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Literal

from mlplatform import discovery
from mlplatform.plan.model import STACK_TYPE, Plan, Step


def plan_from_steps(steps: Iterable[Step], origin: Literal["program", "preview", "state"]) -> Plan:
    """The plan with these steps; without any, an empty plan without a cloud."""
    listed = tuple(steps)
    stack, project = "", ""
    if listed:
        head, project, _ = listed[0].urn.split("::", 2)
        stack = head.removeprefix("urn:pulumi:")
    root = next((step for step in listed if step.type == STACK_TYPE), None)
    return Plan(cloud_of(listed), project, stack, listed, root.outputs if root else {}, origin=origin)


def cloud_of(steps: Iterable[Step]) -> str:
    """The cloud of most resources, by provider package; empty where no installed backend uses them."""
    clouds = _clouds()
    counts = Counter(clouds[step.package] for step in steps if step.custom and step.package in clouds)
    return min(counts, key=lambda cloud: (-counts[cloud], cloud)) if counts else ""


@cache
def _clouds() -> dict[str, str]:
    """Clouds by provider package: the SDK `pulumi_azure_native` is the package `azure-native`."""
    return {
        sdk.removeprefix("pulumi_").replace("_", "-"): cloud
        for cloud in discovery.clouds()
        for sdk in discovery.backend(cloud).sdks
    }
