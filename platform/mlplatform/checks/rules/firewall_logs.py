"""GCP firewalls, NAT gateways and DNS servers write logs."""

from __future__ import annotations

from mlplatform.checks.predicates import is_set, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _dns(network: Resource) -> list[CheckFault]:
    for policy in network.index.of("gcp:dns/policy:Policy"):
        urls = (url for url in policy.from_others("networks"))
        if policy.true("enableLogging") and network.step.urn in urls:
            return []
    return [CheckFault("DNS queries of the network are not logged.", "enableLogging")]


def _reaches_out(network: Resource) -> bool:
    # a network without routes of its own and without a way out asks no names
    return not network.true("deleteDefaultRoutesOnCreate") or bool(
        network.siblings("gcp:compute/router:Router", "network")
    )


RULE = CheckRule(
    id="firewall-logs",
    level="low",
    topic="logging",
    title="GCP firewalls, NAT gateways and DNS servers write logs",
    why="The logs show what was attempted, and which names a compromised workload looked up.",
    fix="Enable logging.",
    entries=(
        Entry(
            ("gcp:compute/firewall:Firewall",),
            is_set("logConfig", "The firewall rule writes no logs."),
            link="https://cloud.google.com/firewall/docs/firewall-rules-logging",
            when=lambda rule: rule.has("allows"),
        ),
        Entry(
            ("gcp:compute/routerNat:RouterNat",),
            is_true("logConfig.enable", "The NAT gateway writes no logs."),
            link="https://cloud.google.com/nat/docs/monitoring",
        ),
        Entry(
            ("gcp:compute/network:Network",),
            _dns,
            refs=("CIS GCP 4.0 2.12",),
            link="https://cloud.google.com/dns/docs/monitoring",
            when=_reaches_out,
            siblings=True,
        ),
    ),
)
