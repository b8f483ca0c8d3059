"""Pools of the training cluster, with and without GPUs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.catalog.catalog import Choice, CpuMachine
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.contract import contract
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_cpu_pool_machine, choose_pool
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.training import GpuPoolSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class NodePoolParts:
    """One pool."""

    pool_name: pulumi.Output[str]
    """Physical name."""


@contract("training.node_pool")
class BuildsNodePool(Protocol):
    """Makes a pool of GPU nodes in a cluster."""

    def __call__(self, scope: Scope, spec: GpuPoolSpec, choice: Choice, cluster: Cluster, /) -> NodePoolParts: ...


@contract("training.cpu_pool")
class BuildsCpuPool(Protocol):
    """Makes a pool of nodes without accelerator in a cluster."""

    def __call__(self, scope: Scope, spec: CpuPoolSpec, machine: CpuMachine, cluster: Cluster, /) -> NodePoolParts: ...


class GpuNodePool(Component):
    """A pool of GPU nodes that scales from zero."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: GpuPoolSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster: Cluster,
    ) -> None:
        super().__init__(name, context, opts)
        # before the choice: a missing SDK is reported first
        build = context.backend.load(BuildsNodePool)
        self.spec = spec
        self.choice = choose_pool(context.backend, context.target, spec)
        self.scope.note(f"training.pools[{spec.name}].accelerator", self.choice.reason)
        # a pool takes network and keys from the context only where it needs them: an existing cluster has its own
        self.parts = build(self.scope, spec, self.choice, cluster)
        self.pool_name = self.parts.pool_name
        self.register_outputs({"name": self.pool_name, "machineType": self.choice.machine.machine_type})


class CpuNodePool(Component):
    """A pool of nodes without accelerator that scales from zero."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: CpuPoolSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster: Cluster,
    ) -> None:
        super().__init__(name, context, opts)
        # before the choice: a missing SDK is reported first
        build = context.backend.load(BuildsCpuPool)
        self.spec = spec
        self.machine = choose_cpu_pool_machine(context.backend, context.target, spec)
        self.scope.note(
            f"training.cpu_pools[{spec.name}].vcpus",
            f"{self.machine.machine_type} is the cheapest with {spec.vcpus} vCPUs and {spec.memory_gib} GiB",
        )
        self.parts = build(self.scope, spec, self.machine, cluster)
        self.pool_name = self.parts.pool_name
        self.register_outputs({"name": self.pool_name, "machineType": self.machine.machine_type})
