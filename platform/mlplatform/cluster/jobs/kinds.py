"""The objects of a job: what each engine takes, with the queue's label, a limit of time, and what holds its nodes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.content import layer_images
from mlplatform.cluster.facts import AnyNodes, LayerContext, PoolNodes
from mlplatform.cluster.images.address import ImageAddress
from mlplatform.cluster.images.mirror import image_mirror, relocate_object
from mlplatform.cluster.jobs.folders import job_folders
from mlplatform.cluster.jobs.ray_head import HEAD_REQUESTS, head_nodes
from mlplatform.cluster.jobs.request import LEASE_MARGIN, JobRequest
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.containers import Container, EnvVar, Resources
from mlplatform.cluster.objects.jobs import (
    DisruptionBudgetSpec,
    Job,
    JobSet,
    JobSpec,
    PodCondition,
    PodDisruptionBudget,
    PodFailurePolicy,
    PodFailureRule,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.ray import HeadGroup, RayClusterSpec, RayJob, RayJobSpec, WorkerGroup
from mlplatform.cluster.objects.trainer import RuntimeRef, Trainer, TrainJob, TrainJobSpec
from mlplatform.cluster.objects.trainer_patches import RuntimePatch, pod_patch
from mlplatform.cluster.parts.base import TRAINING_ACCOUNT
from mlplatform.cluster.parts.pods import (
    KEPT_SECONDS,
    NODE,
    RESTARTS,
    SET_ENV,
    SET_LABEL,
    default_devices,
    job_set,
    pod_template,
    processes,
    resources,
)
from mlplatform.cluster.parts.queue import LOCAL_QUEUE
from mlplatform.cluster.parts.runtime_images import Framework
from mlplatform.cluster.parts.runtimes import runtime_name
from mlplatform.cluster.pod_facts import PodWiring, WiresPods
from mlplatform.cluster.tracking.client import client_env
from mlplatform.cluster.wiring import tolerations_of, with_profile
from mlplatform.components.labels import JOB_LABEL, POOL_LABEL
from mlplatform.spec.capacity import CapacityBlock

_MANAGER = JOB_LABEL
"""Whose patch of a runtime it is."""


def job_namespace(layer: LayerContext, request: JobRequest) -> str:
    """The namespace of the job's team, or the platform's own."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    named = (team.namespace for team in teams if team.name == request.team)
    return next(named, layer.spec.access.training_namespace)


def job_objects(layer: LayerContext, request: JobRequest) -> tuple[KubeObject, ...]:
    """The job, and the budget that holds its nodes while it runs.

    Args:
        layer: of the target.
        request: what is asked for; `job_problems` finds nothing in it.
    """
    nodes = next(each for each in layer.all_pools if each.pool.name == request.pool)
    wiring = discovery.backend(layer.spec.targets[0].cloud).load(WiresPods)(layer.spec, nodes)
    mirror, known = image_mirror(layer.spec), layer_images(layer)

    def change(image: ImageAddress) -> ImageAddress:
        # an image of somebody's own may come from anywhere; only what the layer pulls is copied
        return mirror.target(image) if image in known or mirror.way(image) == "cache" else mirror.source(image)

    return tuple(relocate_object(each, change) for each in _Job(layer, request, nodes, wiring).objects())


class _Job:
    def __init__(self, layer: LayerContext, request: JobRequest, nodes: AnyNodes, wiring: PodWiring) -> None:
        self.request, self.nodes = request, nodes
        self.head = head_nodes(layer, request) if request.kind == "ray" else None
        self.namespace = job_namespace(layer, request)
        self.folders = job_folders(layer, request.mounts, self.namespace)
        self.wiring = self.folders.wired(wiring)
        self.devices = request.devices or default_devices(nodes)
        self.command = with_profile(request.command, wiring)
        self.env = {
            "CHECKPOINT_DIR": f"{wiring.checkpoints}/{self.namespace}/{request.name}",
            "NODES": str(request.nodes),
            **(client_env() if layer.spec.cluster_tracking else {}),
        }

    def objects(self) -> Iterator[KubeObject]:
        match self.request.kind:
            case "torch" | "tensorflow" as framework:
                yield self.train_job(framework)
                label = SET_LABEL
            case "jobset":
                yield self.job_set()
                label = SET_LABEL
            case "sweep":
                # trials are independent: an interrupted one runs again alone
                yield self.sweep()
                return
            case "ray":
                yield self.ray()
                label = JOB_LABEL
        # a budget would also stop the drain before an interruption, and with it the signal to save: only where no
        # machine is taken away on short notice
        if self.nodes.pool.capacity != "spot" and not isinstance(self.nodes.pool.capacity, CapacityBlock):
            yield self.budget(label)

    def metadata(self) -> Metadata:
        request = self.request
        return Metadata(
            name=request.name,
            namespace=self.namespace,
            labels={
                "kueue.x-k8s.io/queue-name": LOCAL_QUEUE,
                "kueue.x-k8s.io/priority-class": request.priority,
                # counted over all attempts, without the time in the queue; at its end the pods may still save
                "kueue.x-k8s.io/max-exec-time-seconds": str(request.max_hours * 3600),
            },
            # machines that are asked for a shorter time are found sooner
            annotations={"provreq.kueue.x-k8s.io/maxRunDurationSeconds": str((request.max_hours + LEASE_MARGIN) * 3600)}
            if isinstance(self.nodes, PoolNodes) and self.nodes.provisioning
            else None,
        )

    def variables(self) -> tuple[EnvVar, ...]:
        return tuple(EnvVar(name=name, value=value) for name, value in self.env.items())

    def train_job(self, framework: Framework) -> TrainJob:
        request = self.request
        # what the runtime has by itself is not said again
        own = None
        if self.devices != default_devices(self.nodes):
            own = resources(self.nodes, self.wiring, self.devices)
        return TrainJob(
            metadata=self.metadata(),
            spec=TrainJobSpec(
                runtime_ref=RuntimeRef(name=runtime_name(framework, self.nodes)),
                trainer=Trainer(
                    image=request.image,
                    command=self.command,
                    num_nodes=request.nodes,
                    num_proc_per_node=processes(self.nodes, self.devices) if framework == "torch" else None,
                    resources_per_node=own,
                    env=self.variables(),
                ),
                runtime_patches=self.patches(),
            ),
        )

    def patches(self) -> tuple[RuntimePatch, ...] | None:
        """The folders: the runtime has everything else."""
        folders = self.folders
        if not folders.volumes:
            return None
        return (
            pod_patch(
                _MANAGER,
                NODE,
                NODE,
                volumes=folders.volumes,
                mounts=folders.mounts,
                annotations=folders.annotations,
            ),
        )

    def job_set(self) -> JobSet:
        template = pod_template(
            self.nodes,
            self.wiring,
            self.request.image,
            devices=self.devices,
            command=self.command,
            env=self.env,
            own_env=SET_ENV,
        )
        return JobSet(metadata=self.metadata(), spec=job_set(template, nodes=self.request.nodes))

    def sweep(self) -> Job:
        request = self.request
        template = pod_template(
            self.nodes, self.wiring, request.image, devices=self.devices, command=self.command, env=self.env
        )
        trials = request.trials or request.nodes
        return Job(
            metadata=self.metadata(),
            spec=JobSpec(
                template=template,
                completions=trials,
                parallelism=min(request.nodes, trials),
                backoff_limit_per_index=RESTARTS,
                pod_failure_policy=PodFailurePolicy(
                    rules=(PodFailureRule(action="Ignore", on_pod_conditions=(PodCondition(type="DisruptionTarget"),)),)
                ),
                ttl_seconds_after_finished=KEPT_SECONDS,
            ),
        )

    def ray(self) -> RayJob:
        request, labels = self.request, {JOB_LABEL: self.request.name}
        head = Container(
            name="ray-head",
            image=request.image,
            env=self.variables(),
            resources=Resources(requests=HEAD_REQUESTS, limits={"memory": HEAD_REQUESTS["memory"]}),
            # the entry point runs here
            volume_mounts=self.folders.mounts or None,
        )
        workers = pod_template(
            self.nodes,
            self.wiring,
            request.image,
            devices=self.devices,
            name="ray-worker",
            env=self.env,
            labels=labels,
        )
        return RayJob(
            metadata=self.metadata(),
            spec=RayJobSpec(
                entrypoint=shlex.join(request.command),
                ttl_seconds_after_finished=3600,
                backoff_limit=RESTARTS,
                ray_cluster_spec=RayClusterSpec(
                    head_group_spec=HeadGroup(
                        # the head keeps the cluster together and computes nothing: it needs no GPU's node
                        ray_start_params={"num-cpus": "0", "num-gpus": "0"},
                        template=PodTemplate(
                            metadata=PodMetadata(
                                labels={**(self.wiring.labels or {}), **labels},
                                annotations={
                                    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                                    **(self.folders.annotations or {}),
                                },
                            ),
                            spec=PodSpec(
                                containers=(head,),
                                service_account_name=TRAINING_ACCOUNT,
                                node_selector={POOL_LABEL: self.head.pool.name} if self.head else None,
                                tolerations=(tolerations_of(self.head.taints) or None) if self.head else None,
                                volumes=self.folders.volumes or None,
                            ),
                        ),
                    ),
                    worker_group_specs=(
                        WorkerGroup(
                            group_name="workers",
                            replicas=request.nodes,
                            min_replicas=request.nodes,
                            max_replicas=request.nodes,
                            ray_start_params=self.ray_devices(),
                            template=workers,
                        ),
                    ),
                ),
            ),
        )

    def ray_devices(self) -> dict[str, str]:
        """What a worker tells Ray of its devices: GPUs by number, cores of AWS's devices by name, none without any.

        https://docs.ray.io/en/latest/ray-core/scheduling/accelerators.html
        """
        match self.nodes.hardware:
            case "cpu":
                return {"num-gpus": "0"}
            case "nvidia" | "amd":
                return {"num-gpus": str(self.devices)}
            case "aws":
                cores = json.dumps({"neuron_cores": processes(self.nodes, self.devices)})
                # KubeRay puts the text into a line of shell as it is
                return {"num-gpus": "0", "resources": f"'{cores}'"}

    def budget(self, label: str) -> PodDisruptionBudget:
        request = self.request
        # the head of a cluster of Ray is one more
        pods = request.nodes + (1 if request.kind == "ray" else 0)
        return PodDisruptionBudget(
            metadata=Metadata(name=request.name, namespace=self.namespace),
            spec=DisruptionBudgetSpec(min_available=pods, selector=LabelSelector(match_labels={label: request.name})),
        )
