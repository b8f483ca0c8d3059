"""Adds what the charts of a plan's releases would make, as steps below each release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from mlplatform.cluster.charts.inside import find_chart, objects_inside
from mlplatform.cluster.tokens import type_token
from mlplatform.plan.model import UNKNOWN, Plan, Step
from mlplatform.providers.wire import plain_value

RELEASE = "kubernetes:helm.sh/v3:Release"
INSIDE = "inside"
"""`op` of a step that a chart makes: no step of the program."""


def with_charts(plan: Plan, kubernetes: str) -> Plan:
    """The plan with the objects of its charts, where `helm` and the charts are at hand.

    Args:
        plan: of a layer inside a cluster.
        kubernetes: minor version of the cluster.
    """
    steps: list[Step] = []
    for step in plan.steps:
        steps.append(step)
        if step.type == RELEASE:
            steps += _inside(step, kubernetes)
    return replace(plan, steps=tuple(steps)) if len(steps) > len(plan.steps) else plan


def without_charts(plan: Plan) -> Plan:
    """The plan without them, to compare with what an engine knows."""
    return replace(plan, steps=tuple(step for step in plan.steps if step.op != INSIDE))


def _inside(release: Step, kubernetes: str) -> Iterator[Step]:
    name = str(release.inputs.get("chart", "")).rpartition("/")[2]
    values = cast("Mapping[str, object]", plain_value(release.inputs.get("values") or {}))
    if UNKNOWN in str(values) or find_chart(name) is None:
        return
    namespace = str(release.inputs.get("namespace", ""))
    for body in objects_inside(name, namespace, values, kubernetes):
        metadata = cast("Mapping[str, object]", body.get("metadata") or {})
        place = metadata.get("namespace")
        own = f"{place}/{metadata.get('name')}" if place else str(metadata.get("name"))
        token = type_token(str(body["apiVersion"]), str(body["kind"]))
        stack, project, chain = release.urn.split("::", 2)
        yield Step(
            op=INSIDE,
            urn=f"{stack}::{project}::{chain.rpartition('::')[0]}${token}::{release.name}/{own}",
            type=token,
            name=f"{release.name}/{own}",
            custom=True,
            inputs=body,
            parent=release.parent,
            dependencies=(release.urn,),
            provider=release.provider,
        )
