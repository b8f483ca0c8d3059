"""What the layer's own pods ask the nodes of the system pool for: controllers, add-ons, and daemons of every node.

Jobs, notebooks, models and the daemons of nodes with devices are on other pools.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mlplatform.cluster.charts.registry import ChartWorkload, chart, chart_names
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.room import room_of
from mlplatform.components.system_room import PodsAsked, SystemRoom
from mlplatform.plan.cost.quantities import cpus, gibibytes
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.inside import INSIDE, RELEASE
from mlplatform.plan.model import Step, Value

_OBJECTS = {f"kubernetes:apps/v1:{kind}": kind == "DaemonSet" for kind in ("DaemonSet", "Deployment", "StatefulSet")}
_CLOCK = "kubernetes:batch/v1:CronJob"
"""Asks for one pod every few minutes, which must find room each time."""

SYSTEM_LABELS: Mapping[str, str] = {POOL_LABEL: "system", "kubernetes.io/os": "linux"}
"""Labels of the system pool's nodes on every cloud, as far as pods select by them."""


def layer_pods(steps: Iterable[Step]) -> tuple[PodsAsked, ...]:
    """The layer's own pods that land on the system pool's nodes.

    Args:
        steps: of a plan with the layer. What is shown inside of a release is left out: the release stands for it.
    """
    return tuple(_pods(steps))


def system_room(steps: Iterable[Step], vcpus: float, memory_gib: float, nodes: float) -> SystemRoom:
    """The system pool beside the layer.

    Args:
        steps: of a plan with the layer.
        vcpus: of a node's machine.
        memory_gib: of a node's machine.
        nodes: most nodes of the pool.
    """
    pods = layer_pods(steps)
    daemons = [each for each in pods if each.daemon]
    free_cpus, free_gib = room_of(vcpus, memory_gib)
    return SystemRoom(
        nodes=nodes,
        node_cpus=free_cpus - sum(each.cpus for each in daemons),
        node_gib=free_gib - sum(each.memory_gib for each in daemons),
        asked=tuple(each for each in pods if not each.daemon),
    )


def _pods(steps: Iterable[Step]) -> Iterator[PodsAsked]:
    for step in steps:
        if step.op == INSIDE or step.op.startswith(("delete", "discard")):
            continue
        if step.type == RELEASE:
            name = as_text(step.inputs.get("chart")).rpartition("/")[2]
            values = step.inputs.get("values")
            if name in chart_names():
                yield from (
                    _of_chart(workload, values)
                    for workload in chart(name).workloads
                    if workload.daemon != "devices" and _at(values, workload.enabled_at) is not False
                )
        elif step.type in _OBJECTS and _on_system_nodes(spec := value_at(step.inputs, "spec", "template", "spec")):
            yield _of_object(step, spec, daemon=_OBJECTS[step.type])
        elif step.type == _CLOCK:
            job = value_at(step.inputs, "spec", "jobTemplate", "spec", "template", "spec")
            if _on_system_nodes(job):
                yield _of_object(step, job, daemon=False)


def _of_chart(workload: ChartWorkload, values: Value) -> PodsAsked:
    asked = _at(values, f"{workload.resources_at}.requests") if workload.resources_at else None
    cpu, memory = value_at(asked, "cpu"), value_at(asked, "memory")
    # a release keeps what its values do not name
    cpu, memory = workload.cpu if cpu is None else cpu, workload.memory if memory is None else memory
    return PodsAsked(
        who=workload.name,
        pods=1 if workload.daemon else max(0, as_number(_at(values, workload.replicas_at), workload.replicas)),
        cpus=cpus(cpu, 0),
        memory_gib=gibibytes(memory, 0),
        daemon=bool(workload.daemon),
        unsaid=not cpu or not memory,
    )


def _of_object(step: Step, spec: Value, *, daemon: bool) -> PodsAsked:
    name = as_text(value_at(step.inputs, "metadata", "name")) or step.name
    requests = [value_at(each, "resources", "requests") for each in as_items(value_at(spec, "containers"))]
    return PodsAsked(
        who=name,
        pods=1 if daemon else max(0, as_number(value_at(step.inputs, "spec", "replicas"), 1)),
        cpus=sum(cpus(value_at(each, "cpu"), 0) for each in requests),
        memory_gib=sum(gibibytes(value_at(each, "memory"), 0) for each in requests),
        daemon=daemon,
        unsaid=any(value_at(each, key) is None for each in requests for key in ("cpu", "memory")),
    )


def _on_system_nodes(spec: Value) -> bool:
    selector = value_at(spec, "nodeSelector")
    if isinstance(selector, Mapping) and any(
        SYSTEM_LABELS.get(key) != value for key, value in cast("Mapping[str, Value]", selector).items()
    ):
        return False
    required = value_at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    terms = as_items(value_at(required, "nodeSelectorTerms"))
    return not terms or any(admits(term, SYSTEM_LABELS) for term in terms)


def admits(term: Value, labels: Mapping[str, str]) -> bool:
    """Whether a term of a node affinity admits nodes with these labels; one with an unknown operator does not."""
    return all(_holds(each, labels) for each in as_items(value_at(term, "matchExpressions")))


def _holds(condition: Value, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(as_text(value_at(condition, "key"))), as_items(value_at(condition, "values"))
    match value_at(condition, "operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return False


def _at(values: Value, path: str) -> Value:
    return value_at(values, *path.split(".")) if path else None
