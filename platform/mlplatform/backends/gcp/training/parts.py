"""Outputs of the cluster and its pools for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.cluster import ClusterParts, FabricNetwork
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import NodePoolParts
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from pulumi_gcp import container


@dataclass(frozen=True, kw_only=True)
class GcpAnyCluster(ClusterParts):
    """A GKE cluster, new or existing: what pools and pods need of it."""

    scope: Scope
    """The cluster's own scope: bindings become its children."""

    location: pulumi.Input[str]
    """Its region, or its zone."""

    zones: tuple[str, ...]
    """Zones for nodes."""

    node_email: pulumi.Output[str]
    """Service account of all nodes."""

    fabric: tuple[FabricNetwork, ...]
    """Extra networks for pools with GPUDirect-TCPX and TCPXO, in the order of the interfaces."""

    ready: tuple[pulumi.Resource, ...]
    """The system pool and the nodes' rights: GPU pools come after these."""

    pods_after: tuple[pulumi.Resource, ...]
    """Dependencies of a grant to pods: a cluster in the project."""

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.gcp.training.cluster_access import bind_pods

        bind_pods(self.scope, identity, namespace, service_account, after=self.pods_after)


@dataclass(frozen=True, kw_only=True)
class GcpCluster(GcpAnyCluster):
    """A GKE cluster of this platform, with its system nodes."""

    cluster: container.Cluster
    """The cluster."""

    name: str
    """Physical name, known beforehand."""


@dataclass(frozen=True, kw_only=True)
class GcpNodePool(NodePoolParts):
    """A node pool; its nodes carry the label `POOL_LABEL`."""

    pool: container.NodePool
    """The node pool."""

    name: str
    """Physical name; it changes with fields that only a replacement changes."""
