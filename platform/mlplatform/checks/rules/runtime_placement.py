"""Pods of a runtime fit the pool that they choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.catalog.accelerator import models
from mlplatform.checks.nodes_and_pods import Nodes, Toleration, containers, pools
from mlplatform.checks.pool_devices import devices_of_node
from mlplatform.checks.queues import FLAVOR
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import ACCELERATOR_LABEL, POOL_LABEL


def _fits(runtime: Resource) -> Iterator[CheckFault]:
    by_name = {nodes.name: nodes for nodes in pools(runtime.index)}
    for path, job in runtime.each("spec.template.spec.replicatedJobs[]"):
        pod = runtime.inside("spec", job)
        where = f"{path}.template.spec.template.spec"
        selector = pod.get("template.spec.template.spec.nodeSelector")
        name = cast("Mapping[str, object]", selector).get(POOL_LABEL) if isinstance(selector, Mapping) else None
        if name is None:
            yield CheckFault("Its pods choose no pool: with another accelerator all of their counts are wrong.", where)
            continue
        nodes = by_name.get(str(name))
        if nodes is None:
            yield CheckFault(f"Its pods choose the pool {shown(str(name))}, which there is not.", where)
            continue
        own = _tolerations(pod, "template.spec.template.spec.tolerations[]")
        for taint in nodes.untolerated([*own, *_given(runtime, nodes)]):
            yield CheckFault(f"Its pods do not tolerate {shown(taint)} of the pool {shown(nodes.name)}.", where)
        yield from _devices(pod, nodes, where)


def _given(runtime: Resource, nodes: Nodes) -> list[Toleration]:
    """Tolerations that Kueue adds when it admits a job to the pool's flavor."""
    flavors = [
        flavor
        for flavor in runtime.index.of_type(FLAVOR)
        if isinstance(labels := flavor.get("spec.nodeLabels"), Mapping)
        and cast("Mapping[str, object]", labels).get(POOL_LABEL) == nodes.name
    ]
    return [each for flavor in flavors for each in _tolerations(flavor, "spec.tolerations[]")]


def _tolerations(item: Resource, path: str) -> list[Toleration]:
    return [cast("Toleration", each) for _, each in item.each(path) if isinstance(each, Mapping)]


def _devices(pod: Resource, nodes: Nodes, where: str) -> Iterator[CheckFault]:
    model = models().get(nodes.labels.get(ACCELERATOR_LABEL, ""))
    offered = devices_of_node(pod.index, nodes.name)
    others = {each.resource for each in models().values()} - ({model.resource} if model else set())
    for path, container in containers(pod.get("template.spec.template.spec"), where):
        resources = cast("Mapping[str, Mapping[str, object]]", container.get("resources") or {})
        for name, count in (resources.get("limits") or {}).items():
            if name in others:
                yield CheckFault(f"It asks for {shown(name)}, which no node of {shown(nodes.name)} has.", path)
            elif model and name == model.resource and offered is not None and _number(count) > offered:
                yield CheckFault(
                    f"It asks for {shown(str(count))} of {name}, and a node of {shown(nodes.name)} has {offered}.", path
                )


def _number(count: object) -> int:
    return int(str(count)) if str(count).isdecimal() else 0


RULE = CheckRule(
    id="runtime-placement",
    level="high",
    topic="cluster",
    title="Pods of a runtime fit the pool that they choose",
    why="A pod that asks for another maker's devices, for more than a node has, or without a toleration of its pool's "
    "taints is admitted, holds its quota, and never starts.",
    fix="Choose a pool by its label, tolerate its taints here or in its flavor, and ask for at most what one node has.",
    entries=(
        Entry(
            (
                "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
                "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
            ),
            _fits,
            link="https://www.kubeflow.org/docs/components/trainer/operator-guides/runtime/",
            when=lambda runtime: bool(pools(runtime.index)),
            siblings=True,
        ),
    ),
)
