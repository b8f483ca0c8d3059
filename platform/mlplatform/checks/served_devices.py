"""The devices of a pool that endpoints on the cluster take, which no queue knows of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.resource import Resource
from mlplatform.components.labels import POOL_LABEL

_DEPLOYMENT = "kubernetes:apps/v1:Deployment"
_ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
_AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
_POD = "spec.template.spec"
_GROUP = "spec.leaderWorkerTemplate"
_GROUP_PODS = (f"{_GROUP}.leaderTemplate.spec", f"{_GROUP}.workerTemplate.spec")


def served_devices(index: PlanIndex, pool: str, resource: str) -> int:
    """Devices that deployments and groups on a pool take at most, with those of replicas that replace others.

    Args:
        index: the plan.
        pool: the pool's name.
        resource: name of the devices, `nvidia.com/gpu`.
    """
    alone = sum(
        _each(deployment, _POD, resource) * (_most(deployment) + int(deployment.number(f"{_SURGE}.maxSurge")))
        for deployment in index.of_type(_DEPLOYMENT)
        if _pool(deployment, _POD) == pool
    )
    # new replicas start beside all of the former ones
    rolled = sum(
        _each(rollout, _POD, resource) * 2 * _most(rollout)
        for rollout in index.of_type(_ROLLOUT)
        if _pool(rollout, _POD) == pool
    )
    return alone + rolled + sum(_of_groups(groups, pool, resource) for groups in index.of_type(GROUPS))


_SURGE = "spec.strategy.rollingUpdate"
_GROUP_SURGE = "spec.rolloutStrategy.rollingUpdateConfiguration"


def _of_groups(groups: Resource, pool: str, resource: str) -> int:
    """Devices of the groups of a set: of each leader, and of the others of its group."""
    size, most = int(groups.number(f"{_GROUP}.size", 1)), _most(groups) + int(groups.number(f"{_GROUP_SURGE}.maxSurge"))
    return most * sum(
        _each(groups, pod, resource) * count
        for pod, count in zip(_GROUP_PODS, (1, size - 1), strict=True)
        if _pool(groups, pod) == pool
    )


def _pool(pods: Resource, path: str) -> object:
    return _map(pods.get(f"{path}.nodeSelector")).get(POOL_LABEL)


def _each(pods: Resource, path: str, resource: str) -> int:
    """Devices of one pod."""
    limits = (_map(each) for _, each in pods.each(f"{path}.containers[].resources.limits"))
    return sum(int(str(amount)) for each in limits if str(amount := each.get(resource, "0")).isdecimal())


def _most(deployment: Resource) -> int:
    """Most replicas: the autoscaler's, or the fixed number; Kubernetes' own is one."""
    name = deployment.text("metadata.name"), deployment.text("metadata.namespace")
    for scaler in deployment.index.of_type(_AUTOSCALER):
        if (scaler.text("spec.scaleTargetRef.name"), scaler.text("metadata.namespace")) == name:
            return int(scaler.number("spec.maxReplicas"))
    return int(deployment.number("spec.replicas", 1))


def _map(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
