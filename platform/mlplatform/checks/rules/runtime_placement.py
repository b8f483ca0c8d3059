"""Pods of a runtime fit the pool that they choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import containers, pools
from mlplatform.checks.placement import device_faults, flavor_tolerations, own_tolerations
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL


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
        own = own_tolerations(pod, "template.spec.template.spec.tolerations[]")
        for taint in nodes.untolerated([*own, *flavor_tolerations(runtime.index, nodes)]):
            yield CheckFault(f"Its pods do not tolerate {shown(taint)} of the pool {shown(nodes.name)}.", where)
        found = containers(pod.get("template.spec.template.spec"), where)
        yield from device_faults(runtime.index, found, nodes)


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
