"""The defaults of a network allow no traffic."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _closed(network: Resource) -> list[CheckFault]:
    groups = network.siblings(_DEFAULT, "vpcId")
    if not groups:
        return [CheckFault("The network's default security group is left as created: open.")]
    rules = any(group.has("ingress") or group.has("egress") for group in groups)
    return [CheckFault("The network's default security group has rules.", "ingress")] if rules else []


RULE = CheckRule(
    id="default-network",
    level="medium",
    topic="network",
    title="Networks allow no traffic by default",
    why="Resources created in a hurry get the defaults, which must not open anything.",
    fix="Empty the default security group; create subnets explicitly, without default outbound access.",
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
            is_false("autoCreateSubnetworks", "Subnets are created automatically in every region.", default=True),
            refs=("CIS GCP 4.0 3.1",),
            link="https://cloud.google.com/vpc/docs/vpc#auto-mode-considerations",
        ),
        Entry(
            ("azure-native:network:Subnet",),
            is_false(
                "defaultOutboundAccess",
                "Machines get default outbound access through an address that Azure owns.",
                default=True,
            ),
            refs=("MCSB NS-1",),
            link="https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
            when=lambda subnet: subnet.text("subnetName") not in ("GatewaySubnet", "AzureBastionSubnet"),
        ),
    ),
)
