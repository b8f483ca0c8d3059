"""What Azure components hand to each other about the cluster and its pools. Imports no SDK when it runs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.backends.azure.parts import AzurePrincipal
from mlplatform.components.cluster import ClusterParts, NodePoolParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity


@dataclass(frozen=True, kw_only=True)
class AzureCluster(ClusterParts):
    """An AKS cluster with its system nodes."""

    scope: Scope
    """The cluster's own scope: federated credentials become its children."""

    cluster: pulumi.Resource
    """The cluster."""

    cluster_id: pulumi.Output[str]
    """Resource id."""

    name: pulumi.Output[str]
    """Physical name, known beforehand."""

    control: AzurePrincipal
    """Who the control plane acts as."""

    issuer: pulumi.Output[str]
    """OIDC issuer of the service accounts' tokens."""

    ready: tuple[pulumi.Resource, ...]
    """Cluster and rights that a node pool needs."""

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.azure.cluster_access import bind

        bind(self, identity, namespace, service_account)


@dataclass(frozen=True, kw_only=True)
class AzureNodePool(NodePoolParts):
    """A node pool; its nodes carry the label `mlplatform.dev/pool`."""

    pool_id: pulumi.Output[str]
    """Resource id."""
