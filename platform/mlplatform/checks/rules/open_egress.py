"""No rule of a security group allows all outbound traffic."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_WORLD = ("0.0.0.0/0", "::/0")
_REASON = "Every port of the whole internet can be reached."


def _rule(rule: Resource) -> list[CheckFault]:
    anywhere = rule.text("cidrIpv4") in _WORLD or rule.text("cidrIpv6") in _WORLD
    return [CheckFault(_REASON, "ipProtocol")] if anywhere and str(rule.get("ipProtocol")) == "-1" else []


def _group(group: Resource) -> list[CheckFault]:
    for at, item in group.each("egress[]"):
        rule = group.inside(at, item)
        ranges = [*rule.texts("cidrBlocks[]"), *rule.texts("ipv6CidrBlocks[]")]
        if any(one in _WORLD for one in ranges) and str(rule.get("protocol")) == "-1":
            return [CheckFault(_REASON, at)]
    return []


RULE = CheckRule(
    id="open-egress",
    level="low",
    topic="network",
    title="No AWS security group allows all outbound traffic",
    why="Otherwise a compromised workload can send data anywhere by any protocol.",
    fix="Allow only what is needed: HTTPS and the platform's own services.",
    entries=(
        Entry(
            ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",),
            _rule,
            link="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        ),
        Entry(
            ("aws:ec2/securityGroup:SecurityGroup",),
            _group,
            link="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        ),
    ),
)
