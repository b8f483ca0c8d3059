"""What the owner of an existing virtual network must provide, by what the spec plans."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from mlplatform.backends.azure.existing import AzureExistingNetwork
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.spec.platform import PlatformSpec


def owner_requirements(spec: PlatformSpec, network: AzureExistingNetwork) -> tuple[Requirement, ...]:
    """The requirements, in the order in which they stop a first `up`.

    Args:
        spec: the platform on this target.
        network: the virtual network.
    """
    nodes, vnet = _names(network.node_subnet_ids), known_text(network.vnet_id, "VNET_ID")
    needs = [
        Requirement(
            "the right Microsoft.Network/virtualNetworks/subnets/join/action on its subnets for whoever runs `pulumi "
            "up` (Network Contributor has it)",
            f"az role assignment list --scope {vnet} --include-inherited --output table",
        ),
    ]
    if spec.training:
        needs += [
            _egress(network, nodes),
            Requirement(
                f"the subnet {_names([network.api_subnet_id])} delegated to "
                "Microsoft.ContainerService/managedClusters, /28 or larger and used by nothing else",
                _show(network.api_subnet_id, "[addressPrefix,delegations[].serviceName]"),
            ),
            Requirement(
                f"security groups of {nodes} that let nodes, the API server's subnet and AzureLoadBalancer reach each "
                "other, and nodes reach private endpoints on port 443",
                _show(network.node_subnet_ids[0], "networkSecurityGroup.id"),
            ),
            Requirement(
                "no encryption of the virtual network: it excludes the integration of the cluster's API server",
                f"az network vnet show --ids {vnet} --query encryption",
            ),
        ]
    jobs = spec.door_pipelines or any(each.monitor for each in spec.endpoints)
    served = spec.tracking is not None and spec.tracking.server == "service"
    apps = jobs or served or any(endpoint.sleeps for endpoint in spec.managed_endpoints)
    if network.apps_subnet_id and apps:
        needs.append(
            Requirement(
                f"the subnet {_names([network.apps_subnet_id])} delegated to Microsoft.App/environments, /27 or larger",
                _show(network.apps_subnet_id, "[addressPrefix,delegations[].serviceName]"),
            )
        )
    needs += [
        Requirement(
            f"a link from the zone {name} to the network",
            f"az network private-dns link vnet list --resource-group {_group(zone)} --zone-name {name} "
            f"--query \"[?virtualNetwork.id=='{vnet}'].provisioningState\"",
        )
        for name, zone in sorted(network.dns_zone_ids.items(), key=lambda item: item[0])
    ]
    return tuple(needs)


def _egress(network: AzureExistingNetwork, nodes: str) -> Requirement:
    if network.egress == "firewall":
        return Requirement(
            f"a route table with a default route to the firewall on {nodes}, and the firewall open for AKS "
            "(tag AzureKubernetesService) and the platform's image registries",
            _show(network.node_subnet_ids[0], "routeTable.id"),
        )
    return Requirement(f"a NAT gateway on {nodes}", _show(network.node_subnet_ids[0], "natGateway.id"))


def _show(subnet: pulumi.Input[str], query: str) -> str:
    return f"az network vnet subnet show --ids {known_text(subnet, 'SUBNET_ID')} --query '{query}'"


def _group(zone: pulumi.Input[str]) -> str:
    parts = known_text(zone, "").split("/")
    return parts[4] if len(parts) > 4 else "ZONE_GROUP"


def _names(subnets: Sequence[pulumi.Input[str]]) -> str:
    return ", ".join(known_text(subnet, "SUBNET_ID").rpartition("/")[2] for subnet in subnets)
