"""The virtual network with its subnets, egress and private names, or an adopted one."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import network

from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork
from mlplatform.backends.azure.existing import AzureExistingNetwork
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network import address_plan, endpoints_private, existing_network, flow_logs
from mlplatform.backends.azure.network.files_range import files_range
from mlplatform.backends.azure.network.hub import connect_hub
from mlplatform.backends.azure.network.parts import AzureNetwork, SubnetRole
from mlplatform.backends.azure.network.runner import offer_network
from mlplatform.backends.azure.network.security_groups import guard_subnet
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec

_DELEGATIONS: dict[SubnetRole, str] = {
    "api": "Microsoft.ContainerService/managedClusters",
    "apps": "Microsoft.App/environments",
    "runners": "GitHub.Network/networkSettings",
}


def build(scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry) -> AzureNetwork:
    """The network, with private endpoints for the vaults, which exist before it."""
    adopted = scope.target(AzureTarget).network
    if adopted:
        net = _adopt(scope, adopted)
        if spec.nat:
            scope.note("network.nat", "the owner of the adopted network controls its egress; no gateway is created")
        if spec.flow_logs:
            scope.note("network.flow_logs", "the owner of the adopted network controls its flow logs; none are created")
    else:
        net = _create(scope, spec)
        if spec.flow_logs:
            flow_logs.keep_flow_logs(scope, net, native(telemetry.parts, AzureTelemetry))
    endpoints_private.connect_vaults(scope, native(keys.parts, AzureKeys), net)
    return net


def _adopt(scope: Scope, adopted: AzureAdoptedNetwork) -> AzureNetwork:
    return existing_network.adopt_network(
        scope,
        AzureExistingNetwork(
            vnet_id=adopted.vnet_id,
            node_subnet_ids=adopted.node_subnet_ids,
            endpoint_subnet_id=adopted.endpoint_subnet_id,
            api_subnet_id=adopted.api_subnet_id,
            apps_subnet_id=adopted.apps_subnet_id,
            dns_zone_ids=adopted.dns_zone_ids,
            egress=adopted.egress,
        ),
    )


def _create(scope: Scope, spec: NetworkSpec) -> AzureNetwork:
    used = zones_in_use(scope.spec)
    if not used:
        scope.note("network.zones", f"{scope.target(AzureTarget).location} has no zones: everything is in one location")
    name = physical_name(scope.spec, "network", "vnet")
    files = files_range(scope.spec)
    vnet = network.VirtualNetwork(
        scope.child("vnet"),
        virtual_network_name=name,
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        address_space=network.AddressSpaceArgs(
            address_prefixes=[str(spec.cidr), *([str(files)] if files and not files.subnet_of(spec.cidr) else [])]
        ),
        tags=scope.tags,
        # subnets are separate resources
        opts=scope.opts(protect=scope.defaults.protected, ignore_changes=["subnets"]),
    )
    nat = spec.nat or scope.defaults.nat
    shared = nat != "per-zone" or not used
    gateways = [] if nat == "none" else [_gateway(scope, zone) for zone in ((used[:1] or ("",)) if shared else used)]
    plan = address_plan.divide_range(spec.cidr)
    subnets: list[network.Subnet] = []
    by_role: dict[SubnetRole, pulumi.Output[str]] = {}

    def subnet(role: SubnetRole, suffix: str, cidr: object, gateway: network.NatGateway | None) -> network.Subnet:
        created = network.Subnet(
            scope.child(f"subnet-{role}{suffix}"),
            subnet_name=f"{role}{suffix}",
            virtual_network_name=known_output(vnet, name),
            resource_group_name=resource_group(scope).group_name,
            address_prefix=str(cidr),
            default_outbound_access=False,
            nat_gateway=network.SubResourceArgs(id=gateway.id) if gateway else None,
            network_security_group=network.NetworkSecurityGroupArgs(
                id=guard_subnet(scope, spec, f"{role}{suffix}", role).id
            ),
            private_endpoint_network_policies=network.VirtualNetworkPrivateEndpointNetworkPolicies.ENABLED
            if role == "endpoints"
            else network.VirtualNetworkPrivateEndpointNetworkPolicies.DISABLED,
            delegations=[network.DelegationArgs(name=role, service_name=_DELEGATIONS[role])]
            if role in _DELEGATIONS
            else None,
            # Azure accepts one write to a network at a time
            opts=scope.opts(depends_on=subnets[-1:]),
        )
        subnets.append(created)
        by_role.setdefault(role, created.id)
        return created

    nodes = [
        subnet(
            "nodes",
            f"-{zone}" if zone else "",
            plan.nodes[index],
            gateways[min(index, len(gateways) - 1)] if gateways else None,
        )
        for index, zone in enumerate(("",) if shared else used)
    ]
    subnet("endpoints", "", plan.endpoints, None)
    subnet("api", "", plan.api, None)
    subnet("apps", "", plan.apps, gateways[0] if gateways else None)
    ci = scope.spec.access.ci
    if ci and ci.runner == "network":
        runners = subnet("runners", "", plan.runners, gateways[0] if gateways else None)
        offer_network(scope, ci, runners)
    if files:
        # its servers reach Azure's services through the gateway
        subnet("files", "", files, gateways[0] if gateways else None)
    dns, links = endpoints_private.link_dns_zones(scope, vnet.id, {})
    hub = scope.target(AzureTarget).hub
    if hub and scope.spec.entry == "peering":
        connect_hub(scope, hub, known_output(vnet, name), subnets[-1:], links)
    return AzureNetwork(
        network_id=vnet.id,
        node_subnet_ids=tuple(subnet.id for subnet in nodes),
        zones=used,
        subnets=by_role,
        dns_zone_ids=dns,
        dns_ready=links,
        egress="nat" if gateways else "none",
        ready=tuple(subnets),
    )


def _gateway(scope: Scope, zone: str) -> network.NatGateway:
    """A NAT gateway of one zone, or of the region where it has no zones."""
    suffix = f"-{zone}" if zone else ""
    pinned = [zone] if zone else None
    location = scope.target(AzureTarget).location
    address = network.PublicIPAddress(
        scope.child(f"nat{suffix}-address"),
        public_ip_address_name=physical_name(scope.spec, "network", f"nat{suffix}"),
        resource_group_name=resource_group(scope).group_name,
        location=location,
        sku=network.PublicIPAddressSkuArgs(
            name=network.PublicIPAddressSkuName.STANDARD, tier=network.PublicIPAddressSkuTier.REGIONAL
        ),
        public_ip_allocation_method=network.IPAllocationMethod.STATIC,
        public_ip_address_version=network.IPVersion.I_PV4,
        zones=pinned,
        tags=scope.tags,
        # partners may have allowed this address
        opts=scope.opts(protect=scope.defaults.protected),
    )
    return network.NatGateway(
        scope.child(f"nat{suffix}"),
        nat_gateway_name=physical_name(scope.spec, "network", f"nat{suffix}"),
        resource_group_name=resource_group(scope).group_name,
        location=location,
        sku=network.NatGatewaySkuArgs(name=network.NatGatewaySkuName.STANDARD),
        idle_timeout_in_minutes=4,
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        zones=pinned,
        tags=scope.tags,
        opts=scope.opts(),
    )
