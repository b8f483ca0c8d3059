"""Every Azure subnet has a network security group."""

from __future__ import annotations

from mlplatform.checks.predicates import is_set
from mlplatform.checks.rule import CheckRule, Entry

_OWN_RULES = ("GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "RouteServerSubnet")
"""Subnets that Azure secures itself and that accept no security group."""

RULE = CheckRule(
    id="subnet-guard",
    level="medium",
    topic="network",
    title="Azure subnets have a network security group",
    why="Without a group, everything in the network reaches everything in the subnet.",
    fix="Give the subnet a network security group.",
    entries=(
        Entry(
            ("azure-native:network:Subnet",),
            is_set("networkSecurityGroup.id", "The subnet has no network security group."),
            refs=("MCSB NS-1",),
            link="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
            when=lambda subnet: subnet.text("subnetName") not in _OWN_RULES,
        ),
    ),
)
