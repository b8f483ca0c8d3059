"""A pool alone, with or without GPUs."""

import pulumi

from mlplatform.components.context import Context
from mlplatform.components.node_pool import CpuNodePool as LibraryCpuPool
from mlplatform.components.node_pool import GpuNodePool as LibraryPool
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.cpu_pool import CpuPoolSpec
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
        _require_cluster(context, "pools")
        training = context.spec.training
        if training is None or not training.pools:
            raise _left_out()
        spec = training.pools[0]
        pool = LibraryPool(f"{context.prefix}-pool-{spec.name}", spec, context, cluster=context.cluster)
        self.pool_name = pool.pool_name
        self.machine_type = pulumi.Output.from_input(pool.choice.machine.machine_type)
        self.register_outputs({})


class CpuPoolArgs(CpuPoolSpec):
    """A CPU pool on an existing cluster."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the cluster."""


class CpuNodePool(pulumi.ComponentResource):
    """A pool of nodes without accelerator that scales from zero, on an existing cluster."""

    pool_name: pulumi.Output[str]
    """Physical name; several, with commas, where the cloud has a pool per zone."""

    machine_type: pulumi.Output[str]
    """The cloud's name of the machine type that was chosen for the size."""

    def __init__(self, name: str, args: CpuPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:CpuNodePool", name, {}, opts)
        context = open_context(self, args["context"], opts, Part("training.cpu_pools[0]", spec_fields(args)))
        _require_cluster(context, "cpuPools")
        training = context.spec.training
        if training is None or not training.cpu_pools:
            raise _left_out()
        spec = training.cpu_pools[0]
        pool = LibraryCpuPool(f"{context.prefix}-pool-{spec.name}", spec, context, cluster=context.cluster)
        self.pool_name = pool.pool_name
        self.machine_type = pulumi.Output.from_input(pool.machine.machine_type)
        self.register_outputs({})


def _require_cluster(context: Context, field: str) -> None:
    if context.existing.cluster is None:
        where = f"context.existing.{context.target.cloud}.cluster"
        raise refusal(
            "a pool without a cluster", (where, f"required: `Cluster` creates a cluster together with its `{field}`")
        )


def _left_out() -> Exception:
    return refusal("a pool that is left out", ("context.target.pools", "leaves this pool out on this cloud"))
