"""The nodes of a pool of AKS."""

from __future__ import annotations

from mlplatform.backends.azure.training.pool_nodes import pool_labels, pool_taints
from mlplatform.catalog.catalog import Choice
from mlplatform.cluster.facts import PoolNodes
from mlplatform.cluster.objects.base import Taint
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec


def build(spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> PoolNodes:
    """Labels and taints as the agent pool has them, and the label of the maker, which AKS sets."""
    machine = choice.machine
    taints = pool_taints(pool, machine)
    return PoolNodes(
        pool=pool,
        choice=choice,
        labels=pool_labels(pool, machine),
        taints=tuple(Taint(key=taint.key, value=taint.value, effect=taint.effect) for taint in taints),
        devices=gpu_clients(pool, machine),
        given={"kubernetes.azure.com/accelerator": machine.accelerator.model.vendor},
    )
