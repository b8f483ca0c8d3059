"""Private endpoints: an address in the network for a service, and its private name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import pulumi
from pulumi_azure_native import network, privatedns

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.platform import PlatformSpec

EndpointGroup = Literal[
    "blob", "file", "queue", "vault", "registry", "amlworkspace", "postgresqlServer", "redisEnterprise"
]
"""One of a service's addresses."""

DNS_ZONES: Mapping[EndpointGroup, tuple[str, ...]] = MappingProxyType(
    {
        "blob": ("privatelink.blob.core.windows.net",),
        "file": ("privatelink.file.core.windows.net",),
        "queue": ("privatelink.queue.core.windows.net",),
        "vault": ("privatelink.vaultcore.azure.net",),
        "registry": ("privatelink.azurecr.io",),
        "amlworkspace": ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"),
        "postgresqlServer": ("privatelink.postgres.database.azure.com",),
        "redisEnterprise": ("privatelink.redis.azure.net",),
    }
)
"""Private DNS zones by group, https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""


def dns_zones(spec: PlatformSpec) -> tuple[str, ...]:
    """The private DNS zones of a platform; queues have one where the door of pipelines has its own, databases where
    there is a tracking server, and Redis where there are features online."""
    needed = {
        "queue": bool(spec.door_pipelines),
        "postgresqlServer": spec.own_tracking is not None,
        "redisEnterprise": bool(spec.feature_store and spec.feature_store.online_groups),
    }
    return tuple(zone for group, zones in DNS_ZONES.items() if needed.get(group, True) for zone in zones)


def connect_privately(
    scope: Scope,
    role: str,
    *,
    within: AzureNetwork,
    target: pulumi.Input[str],
    group: EndpointGroup,
    depends_on: Sequence[pulumi.Resource] = (),
) -> tuple[network.PrivateEndpoint, network.PrivateDnsZoneGroup]:
    """Give a service an address in the network.

    Args:
        scope: owner of the service.
        role: distinguishes the endpoint in the platform.
        within: the network.
        target: resource id of the service.
        group: one of its addresses.
        depends_on: prerequisites; Azure refuses to create two endpoints of one service at the same time.

    Returns:
        The endpoint and its names: prerequisites of the service's clients.
    """
    name = physical_name(scope.spec, "private-endpoint", f"{role}-{group}")
    endpoint = network.PrivateEndpoint(
        scope.child(f"{role}-{group}"),
        private_endpoint_name=name,
        custom_network_interface_name=f"{name}-nic",
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        subnet=network.SubnetArgs(id=within.subnets["endpoints"]),
        private_link_service_connections=[
            network.PrivateLinkServiceConnectionArgs(name=name, private_link_service_id=target, group_ids=[group])
        ],
        tags=scope.tags,
        opts=scope.opts(depends_on=depends_on),
    )
    names = network.PrivateDnsZoneGroup(
        scope.child(f"{role}-{group}-names"),
        private_dns_zone_group_name="default",
        private_endpoint_name=known_output(endpoint, name),
        resource_group_name=resource_group(scope).group_name,
        private_dns_zone_configs=[
            network.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=within.dns_zone_ids[zone])
            for zone in DNS_ZONES[group]
        ],
        opts=scope.opts(depends_on=within.dns_ready),
    )
    return endpoint, names


def connect_vaults(scope: Scope, vaults: AzureKeys, within: AzureNetwork) -> None:
    """Give the platform's own vaults addresses in the network; existing vaults have their owner's."""
    for role, vault in vaults.own_vaults.items():
        if role != "registry":  # its vault has no firewall
            connect_privately(scope, role, within=within, target=vault.id, group="vault")


def link_dns_zones(
    scope: Scope, vnet_id: pulumi.Output[str], adopted: Mapping[str, pulumi.Input[str]]
) -> tuple[dict[str, pulumi.Output[str]], tuple[pulumi.Resource, ...]]:
    """Make and link the private DNS zones; zones that already exist are only referenced.

    Returns:
        Zone id by zone name, and the links.
    """
    zone_ids: dict[str, pulumi.Output[str]] = {}
    links: list[pulumi.Resource] = []
    for name in dns_zones(scope.spec):
        if name in adopted:
            zone_ids[name] = pulumi.Output.from_input(adopted[name])
            continue
        short = name.removeprefix("privatelink.").replace(".", "-")
        zone = privatedns.PrivateZone(
            scope.child(f"zone-{short}"),
            private_zone_name=name,
            resource_group_name=resource_group(scope).group_name,
            location="global",
            tags=scope.tags,
            opts=scope.opts(),
        )
        links.append(
            privatedns.VirtualNetworkLink(
                scope.child(f"zone-{short}-link"),
                virtual_network_link_name=physical_name(scope.spec, "network", "link"),
                private_zone_name=known_output(zone, name),
                resource_group_name=resource_group(scope).group_name,
                location="global",
                registration_enabled=False,
                virtual_network=privatedns.SubResourceArgs(id=vnet_id),
                tags=scope.tags,
                opts=scope.opts(),
            )
        )
        zone_ids[name] = zone.id
    return zone_ids, tuple(links)
