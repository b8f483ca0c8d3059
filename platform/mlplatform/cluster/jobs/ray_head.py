"""Where the head of a cluster of Ray runs: on a CPU pool, so that no GPU machine is kept for it."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import CpuPoolNodes, LayerContext
from mlplatform.cluster.jobs.problem import JobProblem
from mlplatform.cluster.jobs.request import JobRequest
from mlplatform.cluster.parts.pods import room
from mlplatform.similar import nearest_names

_CPUS, _MEMORY_GIB = 2, 8

HEAD_REQUESTS = {"cpu": str(_CPUS), "memory": f"{_MEMORY_GIB}Gi"}
"""What the head asks for: it keeps the cluster together and computes nothing."""


def head_nodes(layer: LayerContext, request: JobRequest) -> CpuPoolNodes | None:
    """The pool of the head; None where it runs on the cluster's own nodes."""
    if request.head_pool is not None:
        return next((each for each in layer.cpu_pools if each.pool.name == request.head_pool), None)
    # the end of the head is the end of all: never on machines that are taken away
    steady = (each for each in layer.cpu_pools if each.pool.capacity == "on-demand" and _has_room(each))
    return next(steady, None)


def head_problems(layer: LayerContext, request: JobRequest) -> Iterator[JobProblem]:
    """What is refused about the head of a job."""
    if request.head_pool is not None:
        yield from _named(layer, request, request.head_pool)
    if request.kind != "ray":
        return
    head = head_nodes(layer, request)
    # the rest of a worker's node has no room for the head
    if head is not None and head.pool.name == request.pool and request.nodes == head.pool.max_nodes:
        yield JobProblem(
            where="--nodes",
            got=str(request.nodes),
            expected=f"at most {head.pool.max_nodes - 1}: the head takes one of the {head.pool.max_nodes} nodes of the "
            f"pool {head.pool.name}",
            fix=f"lower it, raise training.cpu_pools[{head.pool.name}].max_nodes, or name another --head-pool",
        )


def _named(layer: LayerContext, request: JobRequest, name: str) -> Iterator[JobProblem]:
    if request.kind != "ray":
        yield JobProblem(
            where="--head-pool",
            got=name,
            expected=f"none with --kind {request.kind}, which has no head",
            fix="remove it, or use --kind ray",
        )
        return
    fitting = [each.pool.name for each in layer.cpu_pools if each.pool.capacity == "on-demand" and _has_room(each)]
    nodes = next((each for each in layer.cpu_pools if each.pool.name == name), None)
    near = nearest_names(name, fitting, most=1) or fitting
    fix = f"use {near[0]}" if near else "leave it out, or add a pool to training.cpu_pools"
    if nodes is None:
        listed = ", ".join(each.pool.name for each in layer.cpu_pools)
        yield JobProblem(
            where="--head-pool",
            got=f"'{name[:40]}'",
            expected=f"one of the target's CPU pools: {listed}" if listed else "none: the target has no CPU pools",
            fix=fix,
        )
    elif nodes.pool.capacity == "spot":
        yield JobProblem(
            where="--head-pool",
            got=f"{name}, a pool of spot nodes",
            expected="a pool on demand: with its head the whole job ends",
            fix=fix,
        )
    elif not _has_room(nodes):
        cpus, memory = room(nodes)
        yield JobProblem(
            where="--head-pool",
            got=f"{name}, whose nodes have {cpus:g} vCPUs and {memory:g} GiB for jobs",
            expected=f"a pool with {_CPUS} vCPUs and {_MEMORY_GIB} GiB for the head",
            fix=fix,
        )


def _has_room(nodes: CpuPoolNodes) -> bool:
    cpus, memory = room(nodes)
    return cpus >= _CPUS and memory >= _MEMORY_GIB
