"""The pod of a pipeline's step on the training cluster: its pool, devices, queue, identity and folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from mlplatform import discovery
from mlplatform.cluster.facts import AnyNodes, LayerContext, PoolNodes
from mlplatform.cluster.images.mirror import image_mirror, relocate_object
from mlplatform.cluster.jobs.folders import job_folders
from mlplatform.cluster.jobs.request import LEASE_MARGIN, JobMount
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.containers import EnvSource, EnvVar, FieldRef, Resources
from mlplatform.cluster.objects.jobs import JobSet
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.parts.mounts import folder_of
from mlplatform.cluster.parts.pods import NODE, SET_ENV, job_set, pod_template, processes
from mlplatform.cluster.parts.queue import LOCAL_QUEUE
from mlplatform.cluster.pod_facts import PodWiring, WiresPods
from mlplatform.cluster.tracking.client import client_env
from mlplatform.cluster.wiring import with_profile
from mlplatform.components.step_machines import asked_devices
from mlplatform.pipelines.forms.argo import Command
from mlplatform.pipelines.forms.argo_gang import WORK
from mlplatform.pipelines.meaning import FromStore, Task
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.mounts import MOUNT_PLACES
from mlplatform.spec.pipeline_places import step_pools
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE

_QUEUED = {"kueue.x-k8s.io/queue-name": LOCAL_QUEUE, "kueue.x-k8s.io/priority-class": "normal"}
_LONGEST_SET = 24
_PORT = "29500"
_NUMBER = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
"""https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode"""


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
        labels=_QUEUED,
    )
    computes = replace(made.spec.containers[0], resources=_resources(task, nodes, devices))
    spec = replace(made.spec, containers=(computes,), service_account_name=PIPELINES_NAMESPACE)
    return replace(
        made, spec=spec, metadata=made.metadata and replace(made.metadata, annotations=_marks(made, task, nodes))
    )


def step_gang(layer: LayerContext, task: Task, command: Command, mounts: Iterable[Place]) -> JobSet:
    """The JobSet of a step of several nodes, which start and fail together, with the fabric of their pool.

    Its images are as the nodes pull them: it is sent as a text, in which nobody looks for them.

    Args:
        layer: of the target.
        task: the step.
        command: program and variables of each pod.
        mounts: places that its pods see as folders.
    """
    nodes = step_nodes(layer, task)
    wiring = discovery.backend(layer.spec.targets[0].cloud).load(WiresPods)(layer.spec, nodes)
    folders = job_folders(layer, [JobMount(place=place) for place in sorted(mounts)], PIPELINES_NAMESPACE)
    devices = asked_devices(task.resources, nodes.machine) if isinstance(nodes, PoolNodes) else 0
    count = task.resources.nodes
    template = pod_template(
        nodes,
        folders.wired(wiring),
        task.image,
        devices=devices,
        command=with_profile(command.words, wiring),
        own_env=(*SET_ENV, *_peers(task, processes(nodes, devices))),
        env={**(client_env() if layer.spec.cluster_tracking else {}), "NODES": str(count), **command.env},
    )
    computes = template.spec.containers[0]
    asked = _resources(task, nodes, devices)
    full = replace(
        asked,
        requests={**(asked.requests or {}), **(wiring.resources or {})},
        limits={**(asked.limits or {}), **(wiring.resources or {})} or None,
        claims=computes.resources.claims if computes.resources else None,
    )
    volume, mount = WORK
    computes = replace(computes, resources=full, volume_mounts=(*(computes.volume_mounts or ()), mount))
    spec = replace(
        template.spec,
        containers=(computes,),
        service_account_name=PIPELINES_NAMESPACE,
        volumes=(*(template.spec.volumes or ()), volume),
    )
    # all attempts are on the machines that came first
    seconds = task.timeout_minutes * 60 * (task.retries + 1)
    lease = {"provreq.kueue.x-k8s.io/maxRunDurationSeconds": str(seconds + LEASE_MARGIN * 3600)}
    made = JobSet(
        metadata=Metadata(
            # a pod's name is the set's with its number, and has at most 63 characters
            name=task.name[:_LONGEST_SET].rstrip("-"),
            namespace=PIPELINES_NAMESPACE,
            labels={**_QUEUED, "kueue.x-k8s.io/max-exec-time-seconds": str(seconds)},
            annotations=lease if isinstance(nodes, PoolNodes) and nodes.provisioning else None,
        ),
        spec=job_set(replace(template, spec=spec), nodes=count, restarts=task.retries),
    )
    return cast("JobSet", relocate_object(made, image_mirror(layer.spec).target))


def _peers(task: Task, each: int) -> tuple[EnvVar, ...]:
    """How the processes of PyTorch find each other; `torchrun` needs no arguments with these. Nodes of Ray look for
    their head. TensorFlow's program makes TF_CONFIG of JOBSET_NAME, NODES and JOB_COMPLETION_INDEX."""
    first, nodes = f"$(JOBSET_NAME)-{NODE}-0-0.$(JOBSET_NAME)", str(task.resources.nodes)
    if task.distribution == "ray":
        return (EnvVar(name="MASTER_ADDR", value=first),)
    if task.distribution != "torch":
        return ()
    number = EnvSource(
        field_ref=FieldRef(field_path="metadata.annotations['batch.kubernetes.io/job-completion-index']")
    )
    known = {"MASTER_ADDR": first, "MASTER_PORT": _PORT, "WORLD_SIZE": nodes}
    known |= {"PET_MASTER_ADDR": first, "PET_MASTER_PORT": _PORT, "PET_NNODES": nodes}
    known["PET_NPROC_PER_NODE"] = str(each)
    return (
        *(EnvVar(name=name, value=value) for name, value in known.items()),
        EnvVar(name="NODE_RANK", value_from=number),
        EnvVar(name="PET_NODE_RANK", value_from=number),
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


def store_places(layer: LayerContext, task: Task) -> set[Place]:
    """The places of the store that a step reads."""
    paths = [mounted_path(layer, source.uri) for source in task.inputs.values() if isinstance(source, FromStore)]
    return {place for place in MOUNT_PLACES for path in paths if path.startswith(f"{folder_of(place)}/")}


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
