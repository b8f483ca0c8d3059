"""The nodes of a CPU pool of AKS."""

from __future__ import annotations

from mlplatform.backends.azure.training.pool_nodes import cpu_pool_labels, cpu_pool_taints
from mlplatform.catalog.catalog import CpuMachine
from mlplatform.cluster.facts import CpuPoolNodes
from mlplatform.cluster.objects.base import Taint
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, pool: CpuPoolSpec, machine: CpuMachine) -> CpuPoolNodes:
    """Labels and taints as the agent pools have them."""
    return CpuPoolNodes(
        pool=pool,
        machine=machine,
        labels=cpu_pool_labels(pool),
        taints=tuple(Taint(key=taint.key, value=taint.value, effect=taint.effect) for taint in cpu_pool_taints(pool)),
    )
