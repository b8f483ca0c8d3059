"""The peering with the organisation's hub network."""

from __future__ import annotations

from pulumi_gcp import compute

from mlplatform.backends.gcp.adopted_network import GcpHub
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def connect_hub(scope: Scope, hub: GcpHub, vpc: compute.Network, after: compute.Subnetwork) -> compute.NetworkPeering:
    """Peer with the hub, and take the routes that it offers, for example those of its VPN.

    The cluster's private address is behind a connection of Google's own, and peering is not transitive: people in the
    hub use the API's DNS endpoint. https://docs.cloud.google.com/vpc/docs/vpc-peering
    """
    name = physical_name(scope.spec, "hub", COMPUTE)
    peering = compute.NetworkPeering(
        scope.child("hub"),
        name=name,
        network=vpc.self_link,
        peer_network=hub.network,
        import_custom_routes=True,
        export_custom_routes=False,
        # Google accepts one change of a network's peerings and subnets at a time
        opts=scope.opts(depends_on=[after]),
    )
    hub_project, hub_name = hub.network.split("/")[1], hub.network.rpartition("/")[2]
    own = f"--peer-project {scope.target(GcpTarget).project} --peer-network {physical_name(scope.spec, '', COMPUTE)}"
    scope.note(
        "targets[gcp].hub",
        "the hub's owner makes the other half, and until then nothing passes: "
        f"`gcloud compute networks peerings create {name} --project {hub_project} --network {hub_name} {own} "
        "--export-custom-routes`; people there reach the cluster's API by its DNS endpoint, because peering does not "
        "lead to its private address",
    )
    return peering
