"""The peering with the organisation's hub network, and its links to the private names."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import network, privatedns

from mlplatform.backends.azure.adopted_network import AzureHub
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.endpoints_private import dns_zones
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope


def connect_hub(
    scope: Scope,
    hub: AzureHub,
    vnet_name: pulumi.Input[str],
    after: Sequence[pulumi.Resource],
    zones: Sequence[pulumi.Resource],
) -> None:
    """Peer with the hub and, where it has no private zones of its own, link the platform's to it.

    https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview

    Args:
        scope: the network's.
        hub: the hub.
        vnet_name: name of the platform's network.
        after: what was written to the network last: Azure accepts one write at a time.
        zones: the zones' links to the platform's network.
    """
    name = physical_name(scope.spec, "network", "hub")
    network.VirtualNetworkPeering(
        scope.child("hub"),
        virtual_network_peering_name=name,
        resource_group_name=resource_group(scope).group_name,
        virtual_network_name=vnet_name,
        remote_virtual_network=network.SubResourceArgs(id=hub.vnet_id),
        allow_virtual_network_access=True,
        # what comes through the hub's gateway or firewall has other addresses than the hub
        allow_forwarded_traffic=True,
        allow_gateway_transit=False,
        use_remote_gateways=hub.gateway,
        opts=scope.opts(depends_on=after),
    )
    if hub.link_dns:
        for zone in dns_zones(scope.spec):
            short = zone.removeprefix("privatelink.").replace(".", "-")
            privatedns.VirtualNetworkLink(
                scope.child(f"zone-{short}-hub"),
                virtual_network_link_name=name,
                private_zone_name=zone,
                resource_group_name=resource_group(scope).group_name,
                location="global",
                registration_enabled=False,
                virtual_network=privatedns.SubResourceArgs(id=hub.vnet_id),
                tags=scope.tags,
                opts=scope.opts(depends_on=zones),
            )
    parts = hub.vnet_id.split("/")
    target = scope.target(AzureTarget)
    own = target.resource(
        physical_name(scope.spec, "resource-group", "rg"),
        "Microsoft.Network/virtualNetworks",
        physical_name(scope.spec, "network", "vnet"),
    )
    scope.note(
        "targets[azure].hub",
        "the hub's owner makes the other half, and until then nothing passes: "
        f"`az network vnet peering create --subscription {parts[2]} --resource-group {parts[4]} "
        f"--vnet-name {parts[-1]} --name {name} --remote-vnet {own} --allow-vnet-access --allow-forwarded-traffic"
        + (" --allow-gateway-transit`" if hub.gateway else "`"),
    )
