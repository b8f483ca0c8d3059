"""What a network lets through by default is nothing."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Entry, Fault, Rule

_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _closed(network: Resource) -> list[Fault]:
    groups = network.siblings(_DEFAULT, "vpcId")
    if not groups:
        return [Fault("The network's default security group is left open.")]
    rules = any(group.has("ingress") or group.has("egress") for group in groups)
    return [Fault("The network's default security group has rules.", "ingress")] if rules else []


RULE = Rule(
    id="default-network",
    level="medium",
    topic="network",
    title="Networks let nothing through by default",
    why="What is made in a hurry lands in the defaults: they must not open anything.",
    fix="Empty the default group; make subnets by name, without a way out of their own.",
    entries=(
        Entry(
            ("aws:ec2/vpc:Vpc",),
            _closed,
            refs=("CIS AWS 5.0 5.5", "AWS FSBP EC2.2"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
            siblings=True,
        ),
        Entry(
            ("gcp:compute/network:Network",),
            is_false("autoCreateSubnetworks", "Subnets appear by themselves in every region.", default=True),
            refs=("CIS GCP 4.0 3.1",),
            link="https://cloud.google.com/vpc/docs/vpc#auto-mode-considerations",
        ),
        Entry(
            ("azure-native:network:Subnet",),
            is_false("defaultOutboundAccess", "Machines get a way out that belongs to nobody.", default=True),
            refs=("MCSB NS-1",),
            link="https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
            when=lambda subnet: subnet.text("subnetName") not in ("GatewaySubnet", "AzureBastionSubnet"),
        ),
    ),
)
