"""Network security groups, which let nothing in from the internet."""

from __future__ import annotations

from pulumi_azure_native import network

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.files_range import files_range
from mlplatform.backends.azure.network.parts import SubnetRole
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.network import NetworkSpec


def guard_subnet(scope: Scope, spec: NetworkSpec, name: str, role: SubnetRole) -> network.NetworkSecurityGroup:
    """The security group of one subnet."""
    rules: list[network.SecurityRuleArgs] = []
    match role:
        case "endpoints":
            rules.append(_rule("https-from-network", 100, "Allow", "VirtualNetwork", port="443"))
            rules.append(_rule("nothing-else", 4096, "Deny", "*"))
        case "nodes":
            # pods keep their overlay address between nodes, and Azure counts it as internet
            pods = str(spec.pod_cidr)
            rules.append(_rule("pods-to-pods", 100, "Allow", pods, to=pods))
            rules.append(_rule("nodes-to-pods", 110, "Allow", "VirtualNetwork", to=pods))
            # AKS' load balancer keeps addresses and port of a connection, and AKS changes no group but its own:
            # https://learn.microsoft.com/azure/aks/load-balancer-standard#custom-network-security-groups
            for index, cidr in enumerate(_public_ranges(scope)):
                named = f"https-from-{cidr.replace('/', '-').lower()}"
                rules.append(_rule(named, 120 + index, "Allow", cidr, port="443", protocol="Tcp"))
            rules.append(_rule("nothing-from-internet", 4096, "Deny", "Internet"))
        case "api":
            ranges = scope.spec.training.private_api_cidrs if scope.spec.training else ()
            for index, cidr in enumerate(sorted(ranges)):
                rules.append(_rule(f"https-from-{cidr.replace('/', '-')}", 100 + index, "Allow", cidr, port="443"))
            rules.append(_rule("nothing-from-internet", 4096, "Deny", "Internet"))
        case "files":
            # https://learn.microsoft.com/azure/azure-managed-lustre/configure-network-security-group
            own, nodes = str(files_range(scope.spec)), str(spec.cidr)
            rules.append(_rule("servers", 100, "Allow", own, to=own))
            rules.append(_rule("lustre", 110, "Allow", nodes, to=own, port="988", protocol="Tcp"))
            rules.append(_rule("lustre-replies", 120, "Allow", nodes, to=own, port="1018-1023", protocol="Tcp"))
            rules.append(_rule("health", 130, "Allow", "AzureMonitor", to="VirtualNetwork", protocol="Tcp"))
            rules.append(_rule("nothing-else", 4096, "Deny", "*"))
        case "apps" if _public_apps(scope):
            rules.append(_rule("https-from-internet", 100, "Allow", "Internet", port="443", protocol="Tcp"))
        case _:
            rules.append(_rule("nothing-from-internet", 4096, "Deny", "Internet"))
    return network.NetworkSecurityGroup(
        scope.child(f"guard-{name}"),
        network_security_group_name=physical_name(scope.spec, "network", f"{name}-nsg"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        security_rules=rules,
        tags=scope.tags,
        opts=scope.opts(),
    )


def _public_ranges(scope: Scope) -> list[str]:
    """Ranges that reach a public endpoint on the cluster; the endpoint's own group of AKS has them too."""
    entries = [endpoint.entry for endpoint in scope.spec.cluster_endpoints if endpoint.entry]
    if any(not entry.cidrs for entry in entries):
        return ["Internet"]
    return sorted({str(cidr) for entry in entries for cidr in entry.cidrs})


def _public_apps(scope: Scope) -> bool:
    return any(endpoint.exposure == "public" and endpoint.sleeps for endpoint in scope.spec.managed_endpoints)


def _rule(
    name: str,
    priority: int,
    access: str,
    source: str,
    *,
    to: str = "*",
    port: str = "*",
    protocol: str = "*",
) -> network.SecurityRuleArgs:
    return network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction=network.SecurityRuleDirection.INBOUND,
        access=access,
        protocol=protocol,
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix=to,
        destination_port_range=port,
    )
