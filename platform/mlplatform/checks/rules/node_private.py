"""Nodes and machines have no public addresses."""

from __future__ import annotations

from mlplatform.checks.predicates import each, is_absent, is_false, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_REASON = "Nodes get public addresses."
_AKS = "https://learn.microsoft.com/azure/aks/use-node-public-ips"


def _pool(pool: Resource) -> list[CheckFault]:
    if pool.true("networkConfig.enablePrivateNodes"):
        return []
    clusters = pool.index.at(pool.from_others("cluster"))
    if any(cluster.true("privateClusterConfig.enablePrivateNodes") for cluster in clusters):
        return []
    return [CheckFault(_REASON, "networkConfig.enablePrivateNodes")]


RULE = CheckRule(
    id="node-private",
    level="high",
    topic="public access",
    title="Nodes and machines have no public addresses",
    why="Otherwise every port that a workload opens is one firewall rule away from the internet.",
    fix="Keep nodes in private subnets; they reach the internet through NAT.",
    entries=(
        Entry(
            ("aws:ec2/launchTemplate:LaunchTemplate",),
            each("networkInterfaces", is_false("associatePublicIpAddress", _REASON)),
            refs=("AWS FSBP EC2.25", "CIS EKS 1.8 5.4.3"),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
        ),
        Entry(
            ("aws:ec2/subnet:Subnet",),
            is_false("mapPublicIpOnLaunch", "Machines in the subnet get public addresses automatically."),
            refs=("AWS FSBP EC2.15",),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
        ),
        Entry(
            ("aws:ec2/instance:Instance",),
            is_false("associatePublicIpAddress", "The machine has a public address."),
            refs=("AWS FSBP EC2.9",),
            link="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            _pool,
            refs=("CIS GKE 1.9 5.6.5",),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation",
            siblings=True,
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_true("privateClusterConfig.enablePrivateNodes", _REASON),
            refs=("CIS GKE 1.9 5.6.5",),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation",
        ),
        Entry(
            ("gcp:compute/instance:Instance",),
            is_absent("networkInterfaces[].accessConfigs[]", "The machine has a public address."),
            refs=("CIS GCP 4.0 4.9",),
            link="https://cloud.google.com/compute/docs/ip-addresses",
        ),
        Entry(
            ("azure-native:containerservice:AgentPool",),
            is_false("enableNodePublicIP", _REASON),
            refs=("CIS AKS 1.8 5.4.3", "MCSB NS-1"),
            link=_AKS,
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            each("agentPoolProfiles", is_false("enableNodePublicIP", _REASON)),
            refs=("CIS AKS 1.8 5.4.3", "MCSB NS-1"),
            link=_AKS,
        ),
    ),
)
