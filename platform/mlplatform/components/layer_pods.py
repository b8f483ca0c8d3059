"""Whether the system pool holds the layer's own pods, from the spec alone. A plan says it of its charts and objects.

The numbers repeat what the parts of the layer ask for, so that `mlplatform validate` need not build them; a test holds
them against the layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.components.cluster_rollouts import is_rolled_out
from mlplatform.components.room import room_of
from mlplatform.components.selection import NotChosen, choose_system_machine
from mlplatform.components.system_room import PodsAsked, SystemRoom, node_words
from mlplatform.components.tracking_sizes import tracking_sizes
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

_SMALL = (0.1, 0.25)
"""CPUs and GiB of a controller whose chart names none or too little."""


def system_room_problems(
    backend: Backend, target: Target, spec: PlatformSpec, own: tuple[PodsAsked, ...] = ()
) -> Iterator[Problem]:
    """A system pool that does not hold the layer's own pods: a controller that finds no node waits, and with it every
    job that it would start.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
        own: what this cloud's layer has there beside.
    """
    if spec.cluster is None or spec.training is None:
        return
    pool = spec.training.system_pool
    try:
        machine = choose_system_machine(backend, target, pool)
    except NotChosen:
        return
    pods = (*layer_pods_of(spec), *own)
    daemons = [each for each in pods if each.daemon]
    free_cpus, free_gib = room_of(machine.vcpus, machine.memory_gib)
    room = SystemRoom(
        nodes=pool.max_nodes,
        node_cpus=free_cpus - sum(each.cpus for each in daemons),
        node_gib=free_gib - sum(each.memory_gib for each in daemons),
        asked=tuple(each for each in pods if not each.daemon),
    )
    if room.filled is None:
        yield backend.refuse(
            "training.system_pool",
            f"max_nodes={pool.max_nodes}, vcpus={pool.vcpus}, memory_gib={pool.memory_gib} ({machine.machine_type})",
            f"room for the layer's own pods, which ask for {room.cpus:.1f} CPUs and {room.memory_gib:.1f} GiB. "
            f"{node_words(room)} One that finds no node waits for ever",
            "raise max_nodes, vcpus or memory_gib of training.system_pool, or leave add-ons out",
            fields=(
                "cluster.addons",
                "cluster.airflow",
                "cluster.engines",
                "cluster.notebooks",
                "endpoints",
                "tracking",
            ),
        )


def layer_pods_of(spec: PlatformSpec) -> Iterator[PodsAsked]:
    """The layer's own pods on the system pool that are alike on every cloud.

    Args:
        spec: the narrowed spec, with a layer.
    """
    cluster = spec.cluster
    if cluster is None:
        return
    yield PodsAsked("jobset-controller", 2, 0.5, 0.125)
    yield PodsAsked("kueue-controller-manager", 2, 0.5, 0.5)
    if "trainer" in cluster.engines:
        yield PodsAsked("kubeflow-trainer-controller-manager", 2, *_SMALL)
    if "ray" in cluster.engines:
        yield PodsAsked("kuberay-operator", 2, *_SMALL)
    if "argo-workflows" in cluster.addons:
        yield PodsAsked("argo-workflows-workflow-controller", 2, *_SMALL)
        yield PodsAsked("argo-workflows-server", 1, *_SMALL)
    if "cert-manager" in cluster.addons:
        for part in ("", "-cainjector", "-webhook"):
            yield PodsAsked(f"cert-manager{part}", 2, *_SMALL)
    if "external-secrets" in cluster.addons:
        for part in ("", "-cert-controller", "-webhook"):
            yield PodsAsked(f"external-secrets{part}", 2, *_SMALL)
    if cluster.notebooks:
        yield PodsAsked("hub", 1, *_SMALL)
        yield PodsAsked("proxy", 1, *_SMALL)
    if cluster.airflow:
        # few specs have one: `mlplatform validate` loads it for those alone
        from mlplatform.components.airflow_sizes import DAG_PROCESSOR, SCHEDULER, SERVER, airflow_sizes

        replicas = airflow_sizes(spec).replicas
        yield PodsAsked("airflow-api-server", replicas, *SERVER)
        yield PodsAsked("airflow-scheduler", replicas, *SCHEDULER)
        yield PodsAsked("airflow-dag-processor", 1, *DAG_PROCESSOR)
    if tracking := spec.cluster_tracking:
        yield PodsAsked("mlflow", tracking_sizes(spec, tracking).replicas, 0.6, 2.125)
    if spec.ordered_pipelines:
        yield PodsAsked("starter", 1, *_SMALL)
    for endpoint in spec.endpoints:
        if endpoint.monitor and endpoint.monitor.on == "cluster" and endpoint.monitor.pool is None:
            yield PodsAsked(f"monitor-{endpoint.name}", 1, 1, 4)
    endpoints = spec.cluster_endpoints
    for endpoint in endpoints:
        yield PodsAsked(endpoint.name, 2, 0.2, 0.25)
    if any(endpoint.nodes > 1 for endpoint in endpoints):
        yield PodsAsked("lws-controller-manager", 2, *_SMALL)
    if any(is_rolled_out(endpoint) for endpoint in endpoints):
        yield PodsAsked("argo-rollouts", 2, *_SMALL)
        yield PodsAsked("mlplatform--measures", 1, *_SMALL)
