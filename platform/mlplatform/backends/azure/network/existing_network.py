"""An existing virtual network."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.existing import AzureExistingNetwork
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork, SubnetRole
from mlplatform.backends.azure.network.preflight import owner_requirements
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingNetwork
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingNetwork) -> AzureNetwork:
    """Use the network as it is, with private endpoints for the platform's own vaults."""
    network = native(existing, AzureExistingNetwork)
    adopted = adopt_network(scope, network)
    endpoints_private.connect_vaults(scope, native(scope.context.keys.parts, AzureKeys), adopted)
    return adopted


def adopt_network(scope: Scope, network: AzureExistingNetwork) -> AzureNetwork:
    """The network's parts; missing private DNS zones are created and linked."""
    subnets: dict[SubnetRole, pulumi.Input[str] | None] = {
        "nodes": network.node_subnet_ids[0],
        "api": network.api_subnet_id,
        "endpoints": network.endpoint_subnet_id,
        "apps": network.apps_subnet_id,
    }
    vnet_id = pulumi.Output.from_input(network.vnet_id)
    dns, links = endpoints_private.link_dns_zones(scope, vnet_id, network.dns_zone_ids)
    return AzureNetwork(
        network_id=vnet_id,
        node_subnet_ids=tuple(pulumi.Output.from_input(subnet) for subnet in network.node_subnet_ids),
        zones=zones_in_use(scope.spec),
        subnets={role: pulumi.Output.from_input(subnet) for role, subnet in subnets.items() if subnet is not None},
        dns_zone_ids=dns,
        dns_ready=links,
        egress=network.egress,
        ready=(),
        requirements=owner_requirements(scope.spec, network),
    )
