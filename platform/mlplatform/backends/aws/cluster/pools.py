"""The nodes of a pool of EKS."""

from __future__ import annotations

from typing import Literal, cast

from mlplatform.backends.aws.training.node_image import choose_node_image
from mlplatform.catalog.catalog import Choice
from mlplatform.cluster.facts import PoolNodes
from mlplatform.cluster.objects.base import Taint
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.capacity import CapacityBlock
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec

Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


def build(spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> PoolNodes:
    """Labels and taints as the node group has them; EKS taints no spot nodes."""
    image = choose_node_image(pool, choice)
    capacity = "SPOT" if pool.capacity == "spot" else "ON_DEMAND"
    return PoolNodes(
        pool=pool,
        choice=choice,
        labels=image.labels,
        taints=tuple(as_taint(*taint) for taint in image.taints),
        devices=gpu_clients(pool, choice.machine),
        given={"eks.amazonaws.com/capacityType": capacity},
        # scheduled actions start all of a block's nodes with it and drain them before its end
        on_schedule=isinstance(pool.capacity, CapacityBlock),
    )


def as_taint(key: str, value: str, effect: str) -> Taint:
    """A taint of a node group as pods see it."""
    return Taint(key=key, value=value, effect=cast("Effect", effect))
