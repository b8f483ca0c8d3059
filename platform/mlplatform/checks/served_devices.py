"""The devices of a pool that endpoints on the cluster take, which no queue knows of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.resource import Resource
from mlplatform.components.labels import POOL_LABEL

_DEPLOYMENT = "kubernetes:apps/v1:Deployment"
_AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
_POD = "spec.template.spec"


def served_devices(index: PlanIndex, pool: str, resource: str) -> int:
    """Devices that the deployments on a pool take at most, with those of replicas that replace others.

    Args:
        index: the plan.
        pool: the pool's name.
        resource: name of the devices, `nvidia.com/gpu`.
    """
    return sum(
        _each(deployment, resource) * (_most(deployment) + int(deployment.number(f"{_SURGE}.maxSurge")))
        for deployment in index.of_type(_DEPLOYMENT)
        if _map(deployment.get(f"{_POD}.nodeSelector")).get(POOL_LABEL) == pool
    )


_SURGE = "spec.strategy.rollingUpdate"


def _each(deployment: Resource, resource: str) -> int:
    """Devices of one pod."""
    limits = (_map(each) for _, each in deployment.each(f"{_POD}.containers[].resources.limits"))
    return sum(int(str(amount)) for each in limits if str(amount := each.get(resource, "0")).isdecimal())


def _most(deployment: Resource) -> int:
    """Most pods: the autoscaler's, or the fixed number; Kubernetes' own is one."""
    name = deployment.text("metadata.name"), deployment.text("metadata.namespace")
    for scaler in deployment.index.of_type(_AUTOSCALER):
        if (scaler.text("spec.scaleTargetRef.name"), scaler.text("metadata.namespace")) == name:
            return int(scaler.number("spec.maxReplicas"))
    return int(deployment.number("spec.replicas", 1))


def _map(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
