"""The pod of a pipeline's step on the training cluster: its pool, devices, queue, identity and folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlplatform import discovery
from mlplatform.cluster.facts import AnyNodes, LayerContext, PodWiring, PoolNodes, WiresPods
from mlplatform.cluster.jobs.folders import job_folders
from mlplatform.cluster.jobs.request import LEASE_MARGIN, JobMount
from mlplatform.cluster.objects.pods import PodTemplate, Resources
from mlplatform.cluster.parts.mounts import folder_of
from mlplatform.cluster.parts.pods import pod_template
from mlplatform.cluster.parts.queue import LOCAL_QUEUE
from mlplatform.cluster.tracking.client import client_env
from mlplatform.components.step_machines import asked_devices
from mlplatform.pipelines.meaning import Task
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.mounts import MOUNT_PLACES
from mlplatform.spec.pipeline_places import step_pools
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def step_nodes(layer: LayerContext, task: Task) -> AnyNodes:
    """The pool that a step runs on: the same as validation found.

    Args:
        layer: of the target.
        task: the step; validation found a pool for it.
    """
    pool = step_pools(task.resources, [nodes.pool for nodes in layer.all_pools])[0]
    return next(nodes for nodes in layer.all_pools if nodes.pool.name == pool.name)


def step_pod(layer: LayerContext, task: Task, mounts: Iterable[Place], *, container: str) -> PodTemplate:
    """The pod, with the image that the spec names.

    Args:
        layer: of the target.
        task: the step.
        mounts: places that the step sees as folders.
        container: name of the container that computes.
    """
    nodes = step_nodes(layer, task)
    wiring = discovery.backend(layer.spec.targets[0].cloud).load(WiresPods)(layer.spec, nodes)
    # one pod exchanges with no other: without the fabric's rights and devices its namespace admits no privileged pods
    alone = PodWiring(
        grace_seconds=wiring.grace_seconds,
        checkpoints=wiring.checkpoints,
        selector=wiring.selector,
        labels=wiring.labels,
    )
    folders = job_folders(layer, [JobMount(place=place) for place in sorted(mounts)], PIPELINES_NAMESPACE)
    devices = 0
    if isinstance(nodes, PoolNodes):
        devices = 1 if nodes.pool.sharing else asked_devices(task.resources, nodes.machine)
        nodes = replace(nodes, claim=None)
    made = pod_template(
        nodes,
        folders.wired(alone),
        task.image,
        devices=devices,
        name=container,
        env=client_env() if layer.spec.cluster_tracking else None,
        labels={"kueue.x-k8s.io/queue-name": LOCAL_QUEUE, "kueue.x-k8s.io/priority-class": "normal"},
    )
    computes = replace(made.spec.containers[0], resources=_resources(task, nodes, devices))
    spec = replace(made.spec, containers=(computes,), service_account_name=PIPELINES_NAMESPACE)
    return replace(
        made, spec=spec, metadata=made.metadata and replace(made.metadata, annotations=_marks(made, task, nodes))
    )


def _resources(task: Task, nodes: AnyNodes, devices: int) -> Resources:
    """What the spec asks for: a step shares its node with others, and may use what they leave."""
    own = {nodes.resource: str(devices)} if isinstance(nodes, PoolNodes) else {}
    asked = task.resources
    return Resources(
        requests={"cpu": str(asked.vcpus), "memory": f"{asked.memory_gib}Gi", **own},
        limits=own or None,
    )


def _marks(made: PodTemplate, task: Task, nodes: AnyNodes) -> dict[str, object] | None:
    marks: dict[str, object] = dict((made.metadata.annotations if made.metadata else None) or {})
    if isinstance(nodes, PoolNodes) and nodes.provisioning:
        # machines that are asked for a shorter time are found sooner
        seconds = task.timeout_minutes * 60 + LEASE_MARGIN * 3600
        marks["provreq.kueue.x-k8s.io/maxRunDurationSeconds"] = str(seconds)
    return marks or None


def mounted_path(layer: LayerContext, uri: str) -> str:
    """The path at which pods see an address of the store.

    Args:
        layer: of the target.
        uri: an address below a place that is mounted.

    Raises:
        LookupError: it is in no place that pods may mount.
    """
    backend = discovery.backend(layer.spec.targets[0].cloud)
    for place in MOUNT_PLACES:
        head = backend.place_uri(layer.spec, place)
        if uri == head or uri.startswith(f"{head}/"):
            return f"{folder_of(place)}{uri.removeprefix(head)}"
    raise LookupError(uri)
