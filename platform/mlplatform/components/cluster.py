"""The training cluster and its GPU pools."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pulumi

from mlplatform.catalog.catalog import Choice
from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.existing import ExistingCluster, as_existing
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.selection import choose_pool
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec


@dataclass(frozen=True, kw_only=True)
class ClusterParts(ABC):
    """What a backend returns."""

    cluster_name: pulumi.Output[str]
    """Physical name."""

    credentials_command: pulumi.Output[str]
    """Shell command that gives a person a kubeconfig."""

    @abstractmethod
    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API. Does nothing where the role's own rights already say so."""


class Cluster(Component):
    """A private Kubernetes cluster with a CPU system pool and workload identity; or one that exists."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: TrainingSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster, or take the context's existing one, of which `spec` then says nothing."""
        super().__init__(name, context, opts)
        self.parts = self._existing(context.existing.cluster) if context.existing.cluster else self._made(spec)
        self.cluster_name = self.parts.cluster_name
        self.credentials_command = self.parts.credentials_command
        self.register_outputs({"name": self.cluster_name, "credentialsCommand": self.credentials_command})

    def _made(self, spec: TrainingSpec) -> ClusterParts:
        context = self.context
        build = cast(
            "Callable[[Scope, TrainingSpec, Network, Keys, Telemetry, ImageRegistry], ClusterParts]",
            context.backend.load("training.cluster"),
        )
        return build(self.scope, spec, context.network, context.keys, context.telemetry, context.images)

    def _existing(self, existing: ExistingCluster) -> ClusterParts:
        build = cast(
            "Callable[[Scope, ExistingCluster], ClusterParts]", self.context.backend.load("training.existing_cluster")
        )
        return build(self.scope, existing)

    def as_existing(self) -> ExistingCluster:
        """What another platform of the same cloud takes as its `Existing.cluster`, once this one stands."""
        return as_existing(self.context.backend, self.parts, ExistingCluster)

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity.

        Raises:
            ValueError: the identity was there before.
        """
        self._own(identity)
        self.parts.bind(identity, namespace, service_account)

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows.

        Raises:
            ValueError: the identity was there before.
        """
        self._own(identity)
        self.parts.admit(identity)

    def _own(self, identity: Identity) -> None:
        if not identity.made:
            raise ValueError(
                f"{identity.scope.name}: whom an identity of somebody else trusts is its owner's to say: bind an "
                "identity made here"
            )


@dataclass(frozen=True, kw_only=True)
class NodePoolParts:
    """What a backend returns."""

    pool_name: pulumi.Output[str]
    """Physical name."""


class GpuNodePool(Component):
    """A pool of GPU nodes that scales from zero."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: GpuPoolSpec,
        cluster: Cluster,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, GpuPoolSpec, Choice, Cluster], NodePoolParts]",
            context.backend.load("training.node_pool"),
        )
        self.spec = spec
        self.choice = choose_pool(context.backend, context.target, spec)
        self.scope.note(f"training.pools[{spec.name}].accelerator", self.choice.reason)
        # a pool takes network and keys from the context only where it needs them: an existing cluster has its own
        self.parts = build(self.scope, spec, self.choice, cluster)
        self.pool_name = self.parts.pool_name
        self.register_outputs({"name": self.pool_name, "machineType": self.choice.machine.machine_type})
