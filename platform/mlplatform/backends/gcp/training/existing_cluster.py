"""An existing GKE cluster."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.existing import GcpExistingCluster
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.parts import GcpAnyCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import FabricNetwork
from mlplatform.components.existing import ExistingCluster
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingCluster) -> GcpAnyCluster:
    """Use the cluster as it is."""
    cluster = native(existing, GcpExistingCluster)
    target = scope.target(GcpTarget)
    location = target.region if cluster.location is None else cluster.location
    name = pulumi.Output.from_input(cluster.cluster_name)
    return GcpAnyCluster(
        cluster_name=name,
        credentials_command=pulumi.Output.concat(
            "gcloud container clusters get-credentials ",
            name,
            " --location ",
            location,
            f" --project {target.project}",
        ),
        scope=scope,
        location=location,
        zones=tuple(cluster.zones),
        node_email=pulumi.Output.from_input(cluster.node_service_account),
        fabric=tuple(
            FabricNetwork(network=pulumi.Output.from_input(network), subnet=pulumi.Output.from_input(subnet))
            for network, subnet in cluster.fabric_networks
        ),
        ready=(),
        pods_after=(),
    )
