"""The queue: Kueue with a flavor per pool, and the platform's queue, whose quota is everything that the pools have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from mlplatform import discovery
from mlplatform.cluster.facts import CollectsQueueMetrics, LayerContext, PoolNodes
from mlplatform.cluster.items import ChartRelease, LayerItem, Stage
from mlplatform.cluster.objects import kueue
from mlplatform.cluster.objects.base import KubeObject, LabelRequirement, LabelSelector, Metadata
from mlplatform.cluster.parts import provisioning
from mlplatform.cluster.parts.base import KUEUE_NAMESPACE, NAMESPACE_LABEL
from mlplatform.cluster.wiring import tolerations_of
from mlplatform.components.cluster_serving import held_devices
from mlplatform.components.labels import FABRIC_LABEL, POOL_LABEL
from mlplatform.components.names import short_hash
from mlplatform.fast.record import record
from mlplatform.spec.capacity import CapacityBlock, Reservation
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE
from mlplatform.spec.teams import TeamSpec

UNCOUNTED = ("cpu", "memory", "ephemeral-storage", "hugepages-", "vpc.amazonaws.com/", "rdma/")
"""Beginnings of resources that no quota counts: jobs ask for some of them, and one that no quota covers waits for ever,
https://github.com/kubernetes-sigs/kueue/issues/4848"""

CLAIMED = FABRIC_LABEL
"""What quotas call the interfaces that pods get by a claim. A claim of a class without such a name is never admitted,
and the name must be in the queue: https://kueue.sigs.k8s.io/docs/concepts/dynamic_resource_allocation/"""

LOCAL_QUEUE = "default"
"""Name of the queue in a namespace: jobs that name none take the one of this name."""

TOPOLOGY = "nodes"
"""The topology of pools whose nodes come and go by a schedule. A queue can only be held as a whole, which would stop
the other pools' jobs: so a flavor with a topology holds back a job while the nodes that it needs are not there."""

PRIORITIES = {"low": 100, "normal": 500, "high": 1000}
"""Places in the queue by name; higher values come first."""

_FRAMEWORKS = ("batch/job", "jobset.x-k8s.io/jobset", "pod")
_OF_ENGINE = {
    "trainer": ("trainer.kubeflow.org/trainjob",),
    "ray": ("ray.io/raycluster", "ray.io/rayjob", "ray.io/rayservice"),
}


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Kueue, then flavors, priorities and the cohort, then the queue, then the namespace's way into it."""
    spec = layer.spec
    jobs = spec.access.training_namespace
    own = (jobs, *((PIPELINES_NAMESPACE,) if spec.cluster_pipelines else ()))
    teams = spec.cluster.teams if spec.cluster else ()
    yield LayerItem(
        role="release-kueue",
        stage="queue",
        body=ChartRelease(
            chart="kueue",
            namespace=KUEUE_NAMESPACE,
            values={
                "controllerManager": {
                    "replicas": 2,
                    "podDisruptionBudget": {"enabled": True},
                    "manager": {
                        "resources": {
                            "requests": {"cpu": "500m", "memory": "512Mi"},
                            "limits": {"cpu": "2", "memory": "1Gi"},
                        }
                    },
                },
                "managerConfig": {
                    "controllerManagerConfigYaml": configuration(layer, (*own, *(team.namespace for team in teams)))
                },
            },
        ),
    )
    if spec.monitoring.prometheus:
        yield from discovery.backend(spec.targets[0].cloud).load(CollectsQueueMetrics)(layer)
    if any(nodes.on_schedule for nodes in layer.pools):
        yield _item("flavors", "topology", TOPOLOGY, _topology())
    for nodes in layer.pools:
        yield _item("flavors", "flavor", nodes.pool.name, flavor(nodes))
    for name, value in PRIORITIES.items():
        yield _item("flavors", "priority", name, kueue.WorkloadPriorityClass(metadata=Metadata(name=name), value=value))
    cohort = kueue.Cohort(metadata=Metadata(name=spec.name), spec=kueue.CohortSpec())
    yield _item("flavors", "cohort", spec.name, cohort)
    if not layer.all_pools:
        return
    # without GPU pools it has no quota, and admits jobs that ask for no device
    left = {
        nodes.pool.name: Share(
            nodes.most_devices
            - held_devices(spec, nodes.pool, nodes.choice)
            - sum(team.quota.get(nodes.pool.name, 0) for team in teams)
        )
        for nodes in layer.pools
    }
    yield _item("queues", "queue", spec.name, _queue(layer, spec.name, own, left))
    yield way_into(spec.name, jobs)


def team_queue(layer: LayerContext, team: TeamSpec) -> kueue.ClusterQueue:
    """A team's queue, in the pools of its quota."""
    shares = {pool: Share(count, team.borrow.get(pool), team.lend.get(pool)) for pool, count in team.quota.items()}
    return _queue(layer, team.namespace, (team.namespace,), shares, kueue.FairSharing(weight=str(team.weight)))


def way_into(queue: str, namespace: str) -> LayerItem:
    """The way of a namespace's jobs into a queue."""
    local = kueue.LocalQueue(
        metadata=Metadata(name=LOCAL_QUEUE, namespace=namespace), spec=kueue.LocalQueueSpec(cluster_queue=queue)
    )
    return _item("access", "local-queue", namespace, local)


def _queue(
    layer: LayerContext,
    name: str,
    namespaces: tuple[str, ...],
    shares: Mapping[str, Share],
    fair: kueue.FairSharing | None = None,
) -> kueue.ClusterQueue:
    return kueue.ClusterQueue(
        metadata=Metadata(name=name),
        spec=kueue.ClusterQueueSpec(
            cohort_name=layer.spec.name,
            namespace_selector=_among(namespaces),
            resource_groups=resource_groups(layer.pools, shares),
            preemption=kueue.Preemption(),
            admission_checks_strategy=provisioning.strategy(
                tuple((nodes, flavor_name(nodes)) for nodes in layer.pools if nodes.pool.name in shares)
            ),
            fair_sharing=fair,
        ),
    )


def _among(namespaces: tuple[str, ...]) -> LabelSelector:
    if len(namespaces) == 1:
        return LabelSelector(match_labels={NAMESPACE_LABEL: namespaces[0]})
    names = LabelRequirement(key=NAMESPACE_LABEL, operator="In", values=namespaces)
    return LabelSelector(match_expressions=(names,))


def _item(stage: Stage, kind: str, name: str, body: KubeObject) -> LayerItem:
    return LayerItem(role=f"{kind}-{name}", stage=stage, body=body)


def flavor(nodes: PoolNodes) -> kueue.ResourceFlavor:
    """The flavor of a pool. Its name changes with its content, of which Kueue lets little be changed."""
    spec = kueue.ResourceFlavorSpec(
        node_labels={POOL_LABEL: nodes.pool.name},
        node_taints=nodes.taints,
        tolerations=tolerations_of(nodes.taints),
        topology_name=TOPOLOGY if nodes.on_schedule else None,
    )
    return kueue.ResourceFlavor(metadata=Metadata(name=flavor_name(nodes)), spec=spec)


def _topology() -> kueue.Topology:
    level = kueue.TopologyLevel(node_label="kubernetes.io/hostname")
    return kueue.Topology(metadata=Metadata(name=TOPOLOGY), spec=kueue.TopologySpec(levels=(level,)))


def flavor_name(nodes: PoolNodes) -> str:
    """Name of a pool's flavor."""
    content = " ".join(f"{taint.key}={taint.value}:{taint.effect}" for taint in nodes.taints)
    content += f" in {TOPOLOGY}" if nodes.on_schedule else ""
    return f"{nodes.pool.name}-{short_hash(content, 6)}"


@record()
class Share:
    """What a queue has of a pool, in devices."""

    nominal: int
    """Always."""

    borrow: int | None = None
    """Beyond that at most. None: what others leave."""

    lend: int | None = None
    """What others may use of it. None: all."""


def resource_groups(pools: Sequence[PoolNodes], shares: Mapping[str, Share]) -> tuple[kueue.ResourceGroup, ...]:
    """A group per kind of device; reserved nodes are tried first, spot nodes last.

    Args:
        pools: all pools.
        shares: what the queue has, by pool; it has nothing of the others.
    """
    pools = [nodes for nodes in pools if nodes.pool.name in shares]
    resources = dict.fromkeys(sorted(nodes.resource for nodes in pools))
    return tuple(
        kueue.ResourceGroup(
            covered_resources=(resource, *claimed),
            flavors=tuple(
                kueue.FlavorQuotas(
                    name=flavor_name(nodes),
                    resources=(
                        _quota(resource, shares[nodes.pool.name]),
                        *(_quota(name, _claimed(nodes, shares[nodes.pool.name])) for name in claimed),
                    ),
                )
                for nodes in sorted(alike, key=_preference)
            ),
        )
        for resource in resources
        if (alike := [nodes for nodes in pools if nodes.resource == resource])
        # every flavor of a group has a quota of each of its resources
        for claimed in [(CLAIMED,) if any(nodes.claim for nodes in alike) else ()]
    )


def _claimed(nodes: PoolNodes, share: Share) -> Share:
    """The interfaces that go with a share of a pool's devices; none where pods claim none."""
    if nodes.claim is None:
        return Share(0)
    each, of = nodes.claim.count, nodes.devices
    borrow, lend = (None if most is None else most * each // of for most in (share.borrow, share.lend))
    return Share(share.nominal * each // of, borrow, lend)


def _quota(resource: str, share: Share) -> kueue.FlavorQuota:
    return kueue.FlavorQuota(
        name=resource,
        nominal_quota=str(share.nominal),
        borrowing_limit=None if share.borrow is None else str(share.borrow),
        lending_limit=None if share.lend is None else str(share.lend),
    )


def _preference(nodes: PoolNodes) -> tuple[int, str]:
    match nodes.pool.capacity:
        case Reservation() | CapacityBlock():
            return 0, nodes.pool.name
        case "on-demand":
            return 1, nodes.pool.name
        case "flex-start":
            return 2, nodes.pool.name
        case "spot":
            return 3, nodes.pool.name


def configuration(layer: LayerContext, namespaces: Sequence[str]) -> str:
    """Kueue's configuration, as JSON, which is YAML too: the chart takes a text.

    Args:
        layer: the layer.
        namespaces: those in which a job without a queue's name is held too. Never that of an operator: with pods among
            the frameworks, Kueue would hold its pods up.
    """
    engines = layer.spec.cluster.engines if layer.spec.cluster else ()
    minutes = layer.spec.cluster.pods_ready_minutes if layer.spec.cluster else 0
    frameworks = (*_FRAMEWORKS, *(name for engine in engines for name in _OF_ENGINE[engine]))
    classes = sorted({nodes.claim.device_class for nodes in layer.pools if nodes.claim})
    document: dict[str, object] = {
        "apiVersion": "config.kueue.x-k8s.io/v1beta2",
        "kind": "Configuration",
        "health": {"healthProbeBindAddress": ":8081"},
        "metrics": {"bindAddress": ":8443", "enableClusterQueueResources": True},
        "webhook": {"port": 9443},
        "leaderElection": {"leaderElect": True, "resourceName": "c1f6bfd2.kueue.x-k8s.io"},
        "manageJobsWithoutQueueName": True,
        "managedJobsNamespaceSelector": {
            "matchExpressions": [{"key": NAMESPACE_LABEL, "operator": "In", "values": sorted(namespaces)}]
        },
        # a gang whose last node does not come gives its quota back; without a limit of attempts, since spot machines
        # may be gone for days and a job that gives up never comes back
        "waitForPodsReady": {
            "timeout": f"{minutes}m",
            "recoveryTimeout": f"{minutes}m",
            "blockAdmission": False,
            "requeuingStrategy": {"timestamp": "Eviction", "backoffBaseSeconds": 60, "backoffMaxSeconds": 3600},
        },
        "integrations": {"frameworks": sorted(frameworks)},
        "resources": {
            "excludeResourcePrefixes": list(UNCOUNTED),
            **({"deviceClassMappings": [{"name": CLAIMED, "deviceClassNames": classes}]} if classes else {}),
        },
    }
    if layer.spec.cluster and layer.spec.cluster.teams:
        # version v1beta2 has no `enable`: who names the strategies switches it on,
        # https://kueue.sigs.k8s.io/docs/reference/kueue-config.v1beta2/#FairSharing
        document["fairSharing"] = {"preemptionStrategies": ["LessThanOrEqualToFinalShare", "LessThanInitialShare"]}
    return json.dumps(document, indent=1, sort_keys=True)
