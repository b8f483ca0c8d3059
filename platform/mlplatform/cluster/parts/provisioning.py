"""Nodes that come all at once: a check that holds a job in the queue until the autoscaler has what it needs.

Only pools whose cloud keeps such requests have one. The classes of the cluster autoscaler itself add nothing on EKS and
AKS: `check-capacity` starts no nodes, and `best-effort-atomic-scale-up` asks each node group once and gives up, as the
queue's `waitForPodsReady` does (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext, PoolNodes
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects import kueue
from mlplatform.cluster.objects.base import Metadata

_CONTROLLER = "kueue.x-k8s.io/provisioning-request"

_ATTEMPTS = 1_000_000
"""Attempts before a job is given up, which nobody wants: a refused request is asked again every half hour for years."""

_FIRST_WAIT, _LONGEST_WAIT = 60, 1800


def check_name(nodes: PoolNodes) -> str:
    """Name of a pool's check, and of its settings."""
    return f"nodes-{nodes.pool.name}"


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The check of each pool that has one, and its settings."""
    for nodes in layer.pools:
        if nodes.provisioning is None:
            continue
        name = check_name(nodes)
        yield LayerItem(role=f"provisioning-{nodes.pool.name}", stage="flavors", body=_settings(name, nodes))
        yield LayerItem(role=f"check-{nodes.pool.name}", stage="flavors", body=_check(name))


def _check(name: str) -> kueue.AdmissionCheck:
    parameters = kueue.CheckParameters(
        api_group=kueue.API.partition("/")[0], kind=kueue.ProvisioningRequestConfig.KIND, name=name
    )
    return kueue.AdmissionCheck(
        metadata=Metadata(name=name),
        spec=kueue.AdmissionCheckSpec(controller_name=_CONTROLLER, parameters=parameters),
    )


def _settings(name: str, nodes: PoolNodes) -> kueue.ProvisioningRequestConfig:
    """A job's own annotation `provreq.kueue.x-k8s.io/maxRunDurationSeconds` comes before the pool's time."""
    hours = nodes.pool.run_hours
    return kueue.ProvisioningRequestConfig(
        metadata=Metadata(name=name),
        spec=kueue.ProvisioningRequestConfigSpec(
            provisioning_class_name=nodes.provisioning or "",
            parameters={"maxRunDurationSeconds": str(hours * 3600)} if hours else {},
            managed_resources=(nodes.resource,),
            # GKE's class takes one group of pods
            pod_set_merge_policy="IdenticalWorkloadSchedulingRequirements",
            retry_strategy=kueue.RetryStrategy(
                backoff_limit_count=_ATTEMPTS,
                backoff_base_seconds=_FIRST_WAIT,
                backoff_max_seconds=_LONGEST_WAIT,
            ),
        ),
    )


def strategy(pools: tuple[tuple[PoolNodes, str], ...]) -> kueue.ChecksStrategy | None:
    """The checks of a queue; none where no pool has one.

    Args:
        pools: the queue's pools, each with the name of its flavor.
    """
    checks = tuple(
        kueue.CheckOnFlavors(name=check_name(nodes), on_flavors=(flavor,))
        for nodes, flavor in pools
        if nodes.provisioning
    )
    return kueue.ChecksStrategy(admission_checks=checks) if checks else None
