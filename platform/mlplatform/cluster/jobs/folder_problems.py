"""What is refused about the folders of a job."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import AnyNodes, LayerContext, PoolNodes
from mlplatform.cluster.jobs.problem import JobProblem
from mlplatform.cluster.jobs.request import JobRequest
from mlplatform.cluster.parts.mounts import SHARED, shared_volume
from mlplatform.similar import nearest_names
from mlplatform.spec.mounts import MOUNT_PLACES


def folder_problems(layer: LayerContext, request: JobRequest) -> Iterator[JobProblem]:
    """Places that the layer does not mount, and each only once.

    Args:
        layer: of the target.
        request: what is asked for.
    """
    known: list[str] = [mount.place for mount in layer.spec.cluster.mounts] if layer.spec.cluster else []
    shared = shared_volume(layer.spec, layer.spec.access.training_namespace)
    known += [SHARED] if shared else []
    seen: set[str] = set()
    for asked in request.mounts:
        if asked.place in seen:
            yield JobProblem(
                where="--mount", got=f"'{asked.place}' twice", expected="each place once", fix="remove one of the two"
            )
        elif asked.place == SHARED and shared is None:
            yield JobProblem(
                where="--mount",
                got=f"'{SHARED}'",
                expected="a spec that makes a shared file system, or a target that names one",
                fix="set cluster.shared_file_system, or shared_file_system of the target, and apply both stacks; or "
                "mount a place of the store",
            )
        elif asked.place not in known:
            near = nearest_names(asked.place, known, most=1)
            addable = asked.place in MOUNT_PLACES
            yield JobProblem(
                where="--mount",
                got=f"'{asked.place[:40]}'",
                expected=f"one of the mounted places: {', '.join(known)}" if known else "none: nothing is mounted",
                fix=f"add {{place: {asked.place}}} to cluster.mounts and apply both stacks"
                if addable
                else f"use {near[0]}"
                if near
                else f"use one of them, or add one of {', '.join(MOUNT_PLACES)} to cluster.mounts",
            )
        seen.add(asked.place)


def node_folder_problems(layer: LayerContext, nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    """Folders that the nodes of the job's pool cannot mount or hold.

    Args:
        layer: of the target.
        nodes: the pool.
        request: what is asked for.
    """
    yield from _cache(layer, nodes, request)
    yield from _shared_file_system(layer, nodes, request)


def _cache(layer: LayerContext, nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    """Caches of folders that would fill the node's disk, at which Kubernetes ends its pods."""
    known = {mount.place: mount.cache_gib for mount in (layer.spec.cluster.mounts if layer.spec.cluster else ())}
    caches = {asked.place: known[asked.place] for asked in request.mounts if asked.place in known}
    pool = nodes.pool
    local = isinstance(nodes, PoolNodes) and nodes.pool.local_nvme
    disk = nodes.choice.machine.local_ssd_gib if isinstance(nodes, PoolNodes) and local else pool.disk_gib
    if sum(caches.values()) * 2 > disk:
        raised = "" if local else f", or raise disk_gib of the pool {pool.name}"
        yield JobProblem(
            where="--mount",
            got=f"caches of {' + '.join(map(str, caches.values()))} GiB ({', '.join(caches)})",
            expected=f"at most half of the {'local disks' if local else 'disk'} of a node of {pool.name}, "
            f"{int(disk)} GiB: images and logs need the rest",
            fix=f"lower cache_gib in cluster.mounts{raised}",
        )


def _shared_file_system(layer: LayerContext, nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    shared = shared_volume(layer.spec, layer.spec.access.training_namespace)
    asked = any(each.place == SHARED for each in request.mounts)
    if asked and shared and shared.gpu_nodes_only and not isinstance(nodes, PoolNodes):
        yield JobProblem(
            where="--mount",
            got=f"'{SHARED}' on the pool {nodes.pool.name}, which has no GPUs",
            expected="a pool with GPUs: on others secure boot refuses the modules of Lustre's client",
            fix="choose a pool of training.pools, or mount a place of the store",
        )
