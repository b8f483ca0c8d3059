"""The nodes of a pool of GKE."""

from __future__ import annotations

from mlplatform.backends.gcp.training.pool_nodes import (
    FLEX_START_LABEL,
    QUEUED_TAINT,
    pool_labels,
    pool_taints,
    waits_in_queue,
)
from mlplatform.catalog.catalog import Choice
from mlplatform.cluster.facts import DeviceClaim, PoolNodes
from mlplatform.cluster.objects.base import Taint
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec


def build(spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> PoolNodes:
    """Labels and taints as the node pool has them, and those that GKE sets."""
    queued = waits_in_queue(spec, pool)
    flex = {FLEX_START_LABEL: "true"} if pool.capacity == "flex-start" else {}
    return PoolNodes(
        pool=pool,
        choice=choice,
        labels={POOL_LABEL: pool.name, **pool_labels(pool, choice.machine)},
        taints=tuple(
            Taint(key=taint.key, value=taint.value, effect=taint.effect)
            for taint in (*pool_taints(pool), *((QUEUED_TAINT,) if queued else ()))
        ),
        devices=gpu_clients(pool, choice.machine),
        given={"cloud.google.com/gke-accelerator": choice.machine.accelerator_type or "", **flex},
        provisioning="queued-provisioning.gke.io" if queued else None,
        claim=_claim(pool, choice),
    )


def _claim(pool: GpuPoolSpec, choice: Choice) -> DeviceClaim | None:
    """RoCE's interfaces come by a claim,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra"""
    fabric = choice.machine.fabric
    if not pool.fabric or fabric is None or fabric.kind != "roce":
        return None
    return DeviceClaim(device_class="mrdma.google.com", count=fabric.interfaces)
