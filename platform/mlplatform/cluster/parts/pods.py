"""The pods of a job on a pool: one template for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplatform.cluster.facts import AnyNodes, CpuPoolNodes, PoolNodes
from mlplatform.cluster.objects.containers import (
    Capabilities,
    ClaimRef,
    Container,
    ContainerSecurity,
    EnvSource,
    EnvVar,
    FieldRef,
    Mount,
    Resources,
)
from mlplatform.cluster.objects.jobs import (
    FailurePolicy,
    FailureRule,
    JobSetSpec,
    JobSpec,
    JobTemplate,
    PodCondition,
    PodFailurePolicy,
    PodFailureRule,
    ReplicatedJob,
    SetNetwork,
)
from mlplatform.cluster.objects.pods import PodClaim, PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.parts.base import TRAINING_ACCOUNT
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.cluster.wiring import FABRIC_CLAIM, claim_name, tolerations_of
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.room import room_of

NODE = "node"
"""Name of the job in a runtime's set and of the container that computes: Trainer finds both by this name."""

RESTARTS = 3
"""Restarts of a job after failures of its own; interruptions are not counted."""

KEPT_SECONDS = 7 * 86_400
"""A finished job stays so long, to be looked at."""

SET_LABEL = "jobset.sigs.k8s.io/jobset-name"
"""Label of the pods of a set."""


def default_devices(nodes: AnyNodes) -> int:
    """Devices of a pod that asks for no number: the whole node, one part of a shared GPU, or none of a CPU pool."""
    if isinstance(nodes, CpuPoolNodes):
        return 0
    return 1 if nodes.pool.sharing else nodes.devices


def processes(nodes: AnyNodes, devices: int) -> int:
    """Processes of one pod of a framework that takes one for each device, or core of a device; one without devices.

    It is always said: Trainer counts devices only where their name has `gpu` in it, and else takes the node's CPUs.
    """
    return 1 if isinstance(nodes, CpuPoolNodes) else devices * nodes.machine.accelerator.model.cores


def room(nodes: AnyNodes) -> tuple[float, float]:
    """CPUs and memory (GiB) of a node that its jobs may ask for."""
    return room_of(nodes.machine.vcpus, nodes.machine.memory_gib)


def resources(nodes: AnyNodes, wiring: PodWiring, devices: int) -> Resources:
    """What the container that computes asks for: its devices, its part of the node, and the fabric."""
    share = _share(nodes, devices)
    cpus, memory = room(nodes)
    own = {nodes.resource: str(devices)} if isinstance(nodes, PoolNodes) else {}
    fixed = {**own, **(wiring.resources or {})}
    return Resources(
        requests={
            "cpu": f"{int(cpus * share * 1000)}m",
            "memory": f"{max(1, int(memory * share * 1024))}Mi",
            **fixed,
        },
        limits=fixed or None,
        claims=(ClaimRef(name=FABRIC_CLAIM),) if nodes.claim else None,
    )


def _share(nodes: AnyNodes, devices: int) -> float:
    """The part of a node that goes with its devices; all of a node without any."""
    return devices / nodes.devices if isinstance(nodes, PoolNodes) else 1


def _on_schedule(nodes: AnyNodes) -> bool:
    return isinstance(nodes, PoolNodes) and nodes.on_schedule


def pod_template(
    nodes: AnyNodes,
    wiring: PodWiring,
    image: str,
    *,
    devices: int,
    name: str = NODE,
    command: tuple[str, ...] | None = None,
    env: Mapping[str, str] | None = None,
    own_env: Sequence[EnvVar] = (),
    labels: Mapping[str, str] | None = None,
) -> PodTemplate:
    """The pods of a job.

    Args:
        nodes: the pool.
        wiring: what the cloud's pods need there.
        image: of the container that computes.
        devices: devices of each pod.
        name: of that container.
        command: what it runs. Omitted: an engine sets it.
        env: variables beside the pool's.
        own_env: variables that come from the pod itself.
        labels: labels beside the cloud's.
    """
    variables = {**(wiring.env or {}), **(env or {})}
    claim = (PodClaim(name=FABRIC_CLAIM, resource_claim_template_name=claim_name(nodes)),) if nodes.claim else None
    container = Container(
        name=name,
        image=image,
        command=command,
        env=(*(EnvVar(name=key, value=value) for key, value in variables.items()), *own_env) or None,
        resources=resources(nodes, wiring, devices),
        security_context=ContainerSecurity(capabilities=Capabilities(add=wiring.capabilities))
        if wiring.capabilities
        else None,
        # workers of one node exchange batches in shared memory, of which a container has 64 MiB by itself
        volume_mounts=(Mount(name="shm", mount_path="/dev/shm"), *wiring.mounts),
    )
    memory = int(room(nodes)[1] * _share(nodes, devices) / 2)
    return PodTemplate(
        metadata=PodMetadata(
            labels={**(wiring.labels or {}), **(labels or {})} or None,
            annotations={
                # the autoscaler moves no pod of a job to save a node
                "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                # a flavor with a topology takes no pod that does not ask for one
                **({"kueue.x-k8s.io/podset-unconstrained-topology": "true"} if _on_schedule(nodes) else {}),
                **(wiring.annotations or {}),
            },
        ),
        spec=PodSpec(
            containers=(container,),
            init_containers=wiring.sidecars or None,
            node_selector={POOL_LABEL: nodes.pool.name, **(wiring.selector or {})},
            # Kueue adds the tolerations of a flavor when it admits a job; pods without devices get no flavor
            tolerations=(tolerations_of(nodes.taints) or None) if isinstance(nodes, CpuPoolNodes) else None,
            service_account_name=TRAINING_ACCOUNT,
            restart_policy="Never",
            termination_grace_period_seconds=wiring.grace_seconds,
            volumes=(
                Volume(name="shm", empty_dir=EmptyDir(medium="Memory", size_limit=f"{max(1, memory)}Gi")),
                *wiring.volumes,
            ),
            resource_claims=claim,
        ),
    )


SET_ENV = (
    EnvVar(
        name="JOBSET_NAME",
        value_from=EnvSource(field_ref=FieldRef(field_path=f"metadata.labels['{SET_LABEL}']")),
    ),
)
"""With the pod's number, JOB_COMPLETION_INDEX, it gives the names of all pods: `NAME-node-0-NUMBER.NAME`."""


def job_set(
    template: PodTemplate, *, nodes: int | None, labels: Mapping[str, str] | None = None, restarts: int = RESTARTS
) -> JobSetSpec:
    """A set of one job whose pods start and fail together.

    Args:
        template: its pods.
        nodes: how many. None: an engine sets it.
        labels: labels of the job inside.
        restarts: restarts after failures of its own. Omitted: as every job.
    """
    return JobSetSpec(
        replicated_jobs=(
            ReplicatedJob(
                name=NODE,
                template=JobTemplate(
                    metadata=PodMetadata(labels=labels) if labels else None,
                    spec=JobSpec(
                        template=template,
                        completions=nodes,
                        parallelism=nodes,
                        # one lost pod ends the gang: all begin again from the checkpoint, together
                        backoff_limit=0,
                        pod_failure_policy=PodFailurePolicy(
                            rules=(
                                PodFailureRule(
                                    action="FailJob", on_pod_conditions=(PodCondition(type="DisruptionTarget"),)
                                ),
                            )
                        ),
                    ),
                ),
            ),
        ),
        failure_policy=FailurePolicy(
            max_restarts=restarts,
            rules=(
                FailureRule(
                    name="interruptions",
                    action="RestartJobSetAndIgnoreMaxRestarts",
                    on_job_failure_reasons=("PodFailurePolicy",),
                ),
            ),
        ),
        network=SetNetwork(),
        ttl_seconds_after_finished=KEPT_SECONDS if nodes else None,
    )
