"""Builds a plan from steps, with the stack, project and cloud found in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from mlplatform import discovery
from mlplatform.components.names import CLUSTER_SUFFIX
from mlplatform.plan.model import STACK_TYPE, Plan, Step
from mlplatform.plan.sources.listed import without_listed
from mlplatform.plan.sources.source import NotAPlan


def plan_from_steps(steps: Iterable[Step], origin: Literal["program", "preview", "state"]) -> Plan:
    """The plan with these steps; without any, an empty plan without a cloud.

    Raises:
        NotAPlan: a resource is its own ancestor.
    """
    listed = without_listed(tuple(steps))
    _refuse_rings(listed)
    stack, project = "", ""
    if listed:
        head, project, _ = listed[0].urn.split("::", 2)
        stack = head.removeprefix("urn:pulumi:")
    root = next((step for step in listed if step.type == STACK_TYPE), None)
    outputs = root.outputs if root else dict[str, object]()
    cloud = cloud_of(listed) or _cloud_in_name(stack)
    return Plan(cloud, project, stack, listed, outputs, origin=origin, target=target_of_stack(cloud, stack, outputs))


def _refuse_rings(steps: Iterable[Step]) -> None:
    """Every resource has the stack as its last ancestor; whoever climbs to it would climb for ever in a ring."""
    parents = {step.urn: step.parent for step in steps}
    safe: set[str] = set()
    for start in parents:
        climbed: dict[str, None] = {}
        urn = start
        while urn in parents and urn not in safe:
            if urn in climbed:
                got = f"{urn.rpartition('::')[2][:60]} as its own parent's parent"
                raise NotAPlan(got, "parents that end at the stack", "export it again")
            climbed[urn] = None
            urn = parents[urn]
        safe |= climbed.keys()


def target_of_stack(cloud: str, stack: str, outputs: Mapping[str, object]) -> str:
    """The name of a stack's target: its output `target`, or what its name shows; the cloud where neither tells.

    Args:
        cloud: of its resources.
        stack: its name, `{environment}-{target}` where this package named it.
        outputs: its outputs, which are not known in a preview.
    """
    stated = outputs.get("target")
    if isinstance(stated, str) and stated:
        return stated
    name = stack.partition("-")[2].removesuffix(CLUSTER_SUFFIX)
    return name if name.startswith(f"{cloud}-") else cloud


def _cloud_in_name(stack: str) -> str:
    """The cloud of a stack with what is inside a cluster, which has no resource of a cloud; empty for any other."""
    name = stack.partition("-")[2]
    if not name.endswith(CLUSTER_SUFFIX):
        return ""
    return next((cloud for cloud in discovery.clouds() if name.startswith(f"{cloud}-")), "")


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
