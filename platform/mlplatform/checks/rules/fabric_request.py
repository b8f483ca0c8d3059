"""Pods of a runtime, or of a replica over several nodes, ask for all of the fabric of their pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import Nodes, pools
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.served_devices import GROUPS
from mlplatform.checks.wording import shown
from mlplatform.components.labels import FABRIC_INTERFACES_LABEL, POOL_LABEL

_NODE = "node"
"""Name of the container to which Trainer gives what a job asks for."""

_SERVER = "server"
"""Name of the container of an endpoint's model."""

_RESOURCES = {"efa": ("vpc.amazonaws.com/efa",), "infiniband": ("rdma/ib", "rdma/shared_ib")}
_INTERFACES = "networking.gke.io/interfaces"


def _asks(runtime: Resource) -> Iterator[CheckFault]:
    by_name = {nodes.name: nodes for nodes in pools(runtime.index)}
    for path, job in runtime.each("spec.template.spec.replicatedJobs[]"):
        pod = runtime.inside("spec", job)
        selector = pod.get("template.spec.template.spec.nodeSelector")
        name = cast("Mapping[str, object]", selector).get(POOL_LABEL) if isinstance(selector, Mapping) else None
        nodes = by_name.get(str(name))
        if nodes is not None and nodes.fabric:
            head = "template.spec.template"
            yield from _uses(pod, nodes, head, f"{path}.{head}", _NODE)


def _of_groups(groups: Resource) -> Iterator[CheckFault]:
    by_name = {nodes.name: nodes for nodes in pools(groups.index)}
    for template in ("leaderTemplate", "workerTemplate"):
        head = f"spec.leaderWorkerTemplate.{template}"
        selector = groups.get(f"{head}.spec.nodeSelector")
        name = cast("Mapping[str, object]", selector).get(POOL_LABEL) if isinstance(selector, Mapping) else None
        nodes = by_name.get(str(name))
        if nodes is not None and nodes.fabric:
            yield from _uses(groups, nodes, head, head, _SERVER)


def _uses(pod: Resource, nodes: Nodes, head: str, where: str, named: str) -> Iterator[CheckFault]:
    wanted = nodes.labels.get(FABRIC_INTERFACES_LABEL, "")
    container = next(
        (pod.inside("template", each) for _, each in pod.each(f"{head}.spec.containers[]") if _name(each) == named),
        None,
    )
    pool = shown(nodes.name)
    if container is None:
        yield CheckFault(f"It has no container {shown(named)}, which asks for the fabric of {pool}.", where)
        return
    if names := _RESOURCES.get(nodes.fabric):
        limits = container.get("resources.limits")
        found = cast("Mapping[str, object]", limits if isinstance(limits, Mapping) else {})
        counts = {name: str(found[name]) for name in names if name in found}
        if not counts:
            yield CheckFault(f"It does not ask for {shown(names[0])} of the pool {pool}.", where)
        elif counts.get(names[0], wanted) != wanted:
            yield CheckFault(f"It asks for {shown(counts[names[0]])} of {shown(wanted)} interfaces of {pool}.", where)
    elif nodes.fabric == "roce":
        if not container.has("resources.claims"):
            yield CheckFault(f"It claims no interface of the pool {pool}.", where)
    else:
        annotations = pod.get(f"{head}.metadata.annotations")
        if not isinstance(annotations, Mapping) or _INTERFACES not in annotations:
            yield CheckFault(f"It has no annotation {shown(_INTERFACES)} for the networks of {pool}.", where)


def _name(container: object) -> object:
    return cast("Mapping[str, object]", container).get("name") if isinstance(container, Mapping) else None


RULE = CheckRule(
    id="fabric-request",
    level="high",
    topic="cluster",
    title="Runtimes and replicas over several nodes ask for the fabric of their pool",
    why="Without the request NCCL takes TCP, at a hundredth of the speed and without an error.",
    fix="Ask for all interfaces in the container `node`, as `mlplatform render job` does, or in an endpoint's model.",
    entries=(
        Entry(
            (
                "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
                "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
            ),
            _asks,
            pages={
                "aws": "https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html",
                "gcp": "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx",
                "azure-native": "https://azure.github.io/aks-rdma-infiniband/",
            },
            when=lambda runtime: bool(pools(runtime.index)),
            siblings=True,
        ),
        Entry(
            (GROUPS,),
            _of_groups,
            link="https://lws.sigs.k8s.io/docs/concepts/",
            when=lambda groups: bool(pools(groups.index)),
            siblings=True,
        ),
    ),
)
