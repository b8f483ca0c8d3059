"""The nodes of a CPU pool of EKS."""

from __future__ import annotations

from mlplatform.backends.aws.cluster.pools import as_taint
from mlplatform.backends.aws.training.node_image import choose_cpu_image
from mlplatform.catalog.catalog import CpuMachine
from mlplatform.cluster.facts import CpuPoolNodes
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, pool: CpuPoolSpec, machine: CpuMachine) -> CpuPoolNodes:
    """Labels and taints as the node group has them."""
    image = choose_cpu_image(pool, machine)
    return CpuPoolNodes(
        pool=pool,
        machine=machine,
        labels=image.labels,
        taints=tuple(as_taint(*taint) for taint in image.taints),
        given={"eks.amazonaws.com/capacityType": "SPOT" if pool.capacity == "spot" else "ON_DEMAND"},
    )
