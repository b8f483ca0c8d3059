"""Parts of the cluster and its pools. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.zones import item_of_zone
from mlplatform.components.cluster import ClusterParts
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import NodePoolParts
from mlplatform.components.scope import Scope


@dataclass(frozen=True, kw_only=True)
class AzureAnyCluster(ClusterParts):
    """An AKS cluster, created by the platform or existing."""

    scope: Scope
    """The cluster's own scope: federated credentials become its children."""

    group_name: pulumi.Output[str]
    """Resource group of the cluster."""

    zones: tuple[str, ...]
    """Zones in use; empty where the region has none."""

    node_subnet_ids: tuple[pulumi.Output[str], ...]
    """Subnets for nodes: one for all zones, or one per zone in their order."""

    cluster_id: pulumi.Output[str]
    """Resource id."""

    name: pulumi.Output[str]
    """Physical name, known beforehand."""

    kubernetes: str | None
    """Version that its pools get; None for an existing cluster, whose pools get the control plane's."""

    control: AzurePrincipal | None
    """Principal of the control plane; None where it is unknown."""

    issuer: pulumi.Output[str]
    """OIDC issuer of the service accounts' tokens."""

    ready: tuple[pulumi.Resource, ...]
    """Cluster and rights, prerequisites of node pools."""

    def node_subnet(self, zone: str) -> pulumi.Output[str]:
        """The subnet of a zone's nodes."""
        return item_of_zone(self.node_subnet_ids, self.zones, zone)

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.azure.training.cluster_access import trust_service_account

        trust_service_account(self.scope, self.issuer, identity, namespace, service_account)


@dataclass(frozen=True, kw_only=True)
class AzureCluster(AzureAnyCluster):
    """An AKS cluster that the platform created, with its system nodes."""

    cluster: pulumi.Resource
    """The cluster."""


@dataclass(frozen=True, kw_only=True)
class AzureNodePool(NodePoolParts):
    """A node pool; its nodes carry the pool's label."""

    pool_id: pulumi.Output[str]
    """Resource id."""


@dataclass(frozen=True, kw_only=True)
class AzureCpuPool(NodePoolParts):
    """An agent pool per zone; their nodes carry the pool's label."""

    pool_ids: Mapping[str, pulumi.Output[str]]
    """Resource id of each zone's; the zone is empty where the region has none."""


def node_group_name(scope: Scope) -> str:
    """Name of the resource group that AKS creates for the nodes."""
    return physical_name(scope.spec, "node-group", "nodes")
