"""A GPU pool alone."""

import pulumi

from mlplatform.components.node_pool import GpuNodePool as LibraryPool
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.training import GpuPoolSpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.reading import Part, refusal


class PoolArgs(GpuPoolSpec):
    """A GPU pool on an existing cluster."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the cluster."""


class GpuNodePool(pulumi.ComponentResource):
    """A pool of GPU nodes that scales from zero, on an existing cluster."""

    pool_name: pulumi.Output[str]
    """Physical name."""

    machine_type: pulumi.Output[str]
    """The cloud's name of the machine type that was chosen for the accelerator."""

    def __init__(self, name: str, args: PoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:GpuNodePool", name, {}, opts)
        context = open_context(self, args["context"], opts, Part("training.pools[0]", spec_fields(args)))
        if context.existing.cluster is None:
            where = f"context.existing.{context.target.cloud}.cluster"
            raise refusal(
                "a pool without a cluster", (where, "required: `Cluster` creates a cluster together with its `pools`")
            )
        training = context.spec.training
        if training is None or not training.pools:
            raise refusal("a pool that is left out", ("context.target.pools", "leaves this pool out on this cloud"))
        spec = training.pools[0]
        pool = LibraryPool(f"{context.prefix}-pool-{spec.name}", spec, context, cluster=context.cluster)
        self.pool_name = pool.pool_name
        self.machine_type = pulumi.Output.from_input(pool.choice.machine.machine_type)
        self.register_outputs({})
