"""A GPU pool alone."""

import pulumi

from mlplatform.components.node_pool import GpuNodePool as LibraryPool
from mlplatform.package.args import ContextArgs, GpuPoolSpec
from mlplatform.package.components.base import opened, without
from mlplatform.package.reading import Part, refused


class PoolArgs(GpuPoolSpec):
    """A GPU pool on an existing cluster."""

    context: ContextArgs
    """What it belongs to; its `existing` names the cluster."""


class GpuNodePool(pulumi.ComponentResource):
    """A pool of GPU nodes that scales from zero, on an existing cluster."""

    pool_name: pulumi.Output[str]
    """Physical name."""

    machine_type: pulumi.Output[str]
    """The cloud's name of the machine that the accelerator decided."""

    def __init__(self, name: str, args: PoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:GpuNodePool", name, {}, opts)
        context = opened(self, args["context"], opts, Part("training.pools[0]", without(args)))
        if context.existing.cluster is None:
            where = f"context.existing.{context.target.cloud}.cluster"
            raise refused("a pool without a cluster", (where, "required: Cluster makes one, with its own `pools`"))
        training = context.spec.training
        if training is None or not training.pools:
            raise refused("a pool that is left out", ("context.target.pools", "leaves this pool out on this cloud"))
        spec = training.pools[0]
        made = LibraryPool(f"{context.prefix}-pool-{spec.name}", spec, context.cluster, context)
        self.pool_name = made.pool_name
        self.machine_type = pulumi.Output.from_input(made.choice.machine.machine_type)
        self.register_outputs({})
