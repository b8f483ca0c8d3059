"""Networks write flow logs."""

from __future__ import annotations

from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_PROXIES = ("REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER")
"""Subnets of load balancers, which have no flow logs."""


def _vpc(network: Resource) -> list[CheckFault]:
    logs = network.siblings("aws:ec2/flowLog:FlowLog", "vpcId")
    return [] if logs else [CheckFault("The network has no flow log.")]


def _vnet(network: Resource) -> list[CheckFault]:
    logs = network.siblings("azure-native:network:FlowLog", "targetResourceId")
    return (
        [] if any(log.true("enabled", default=True) for log in logs) else [CheckFault("The network has no flow log.")]
    )


RULE = CheckRule(
    id="flow-logs",
    level="medium",
    topic="logging",
    title="Networks write flow logs",
    why="After an incident they are the only record of where data went.",
    fix="Enable flow logs (network.flow_logs).",
    entries=(
        Entry(
            ("aws:ec2/vpc:Vpc",),
            _vpc,
            refs=("CIS AWS 5.0 3.7", "AWS FSBP EC2.6"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
            siblings=True,
        ),
        Entry(
            ("gcp:compute/subnetwork:Subnetwork",),
            is_set("logConfig", "The subnet has no flow logs."),
            refs=("CIS GCP 4.0 3.8", "CIS GKE 1.9 5.6.1"),
            link="https://cloud.google.com/vpc/docs/flow-logs",
            when=lambda subnet: subnet.text("purpose") not in _PROXIES,
        ),
        Entry(
            ("azure-native:network:VirtualNetwork",),
            _vnet,
            refs=("CIS Azure 4.0 7.1.1.7", "MCSB LT-4"),
            link="https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview",
            siblings=True,
        ),
    ),
)
