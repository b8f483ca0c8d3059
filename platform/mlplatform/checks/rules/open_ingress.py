"""No rule allows the whole internet in."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_WORLD = ("0.0.0.0/0", "::/0")
_ANY = ("*", "internet", "any", "0.0.0.0/0", "0.0.0.0", "::/0")
_REASON = "The whole internet is allowed in."


def _rule(rule: Resource) -> list[CheckFault]:
    return [CheckFault(_REASON, path) for path in ("cidrIpv4", "cidrIpv6") if rule.text(path) in _WORLD]


def _classic(rule: Resource) -> list[CheckFault]:
    if rule.text("type") != "ingress":
        return []
    ranges = [*rule.texts("cidrBlocks[]"), *rule.texts("ipv6CidrBlocks[]")]
    return [CheckFault(_REASON, "cidrBlocks")] if any(one in _WORLD for one in ranges) else []


def _group(group: Resource) -> list[CheckFault]:
    ranges = [*group.texts("ingress[].cidrBlocks[]"), *group.texts("ingress[].ipv6CidrBlocks[]")]
    return [CheckFault(_REASON, "ingress")] if any(one in _WORLD for one in ranges) else []


def _firewall(firewall: Resource) -> list[CheckFault]:
    ranges = firewall.texts("sourceRanges[]")
    narrowed = firewall.has("sourceTags") or firewall.has("sourceServiceAccounts")
    return (
        [CheckFault(_REASON, "sourceRanges")]
        if any(one in _WORLD for one in ranges) or not (ranges or narrowed)
        else []
    )


def _inbound(rule: Resource) -> list[CheckFault]:
    if rule.text("access").lower() != "allow" or rule.text("direction").lower() != "inbound":
        return []
    sources = [rule.text("sourceAddressPrefix"), *rule.texts("sourceAddressPrefixes[]")]
    return [CheckFault(_REASON, "sourceAddressPrefix")] if any(one.lower() in _ANY for one in sources) else []


def _guard(group: Resource) -> list[CheckFault]:
    rules = ((at, group.inside(at, item)) for at, item in group.each("securityRules[]"))
    return [CheckFault(fault.reason, f"{at}.{fault.path}") for at, rule in rules for fault in _inbound(rule)]


RULE = CheckRule(
    id="open-ingress",
    level="critical",
    topic="public access",
    title="No firewall allows the whole internet in",
    why="Every service behind it is scanned within minutes.",
    fix="Name the networks or groups that are allowed in.",
    entries=(
        Entry(
            ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",),
            _rule,
            refs=("CIS AWS 5.0 5.3", "CIS AWS 5.0 5.4", "AWS FSBP EC2.18", "AWS FSBP EC2.19"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        ),
        Entry(
            ("aws:ec2/securityGroupRule:SecurityGroupRule",),
            _classic,
            refs=("CIS AWS 5.0 5.3", "CIS AWS 5.0 5.4", "AWS FSBP EC2.18", "AWS FSBP EC2.19"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        ),
        Entry(
            ("aws:ec2/securityGroup:SecurityGroup",),
            _group,
            refs=("CIS AWS 5.0 5.3", "CIS AWS 5.0 5.4", "AWS FSBP EC2.18", "AWS FSBP EC2.19"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        ),
        Entry(
            ("gcp:compute/firewall:Firewall",),
            _firewall,
            refs=("CIS GCP 4.0 3.6", "CIS GCP 4.0 3.7"),
            link="https://cloud.google.com/firewall/docs/firewalls",
            when=lambda one: one.get("direction", "INGRESS") == "INGRESS" and one.has("allows"),
        ),
        Entry(
            ("azure-native:network:NetworkSecurityGroup",),
            _guard,
            refs=("CIS Azure 4.0 8.1", "CIS Azure 4.0 8.2", "MCSB NS-1"),
            link="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
        ),
        Entry(
            ("azure-native:network:SecurityRule",),
            _inbound,
            refs=("CIS Azure 4.0 8.1", "CIS Azure 4.0 8.2", "MCSB NS-1"),
            link="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
        ),
    ),
)
