"""Nodes accept no SSH logins."""

from __future__ import annotations

from mlplatform.checks.predicates import each, is_absent, is_one_of
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Nodes accept SSH logins"
_AKS = "https://learn.microsoft.com/azure/aks/manage-ssh-node-access"

RULE = CheckRule(
    id="node-ssh",
    level="medium",
    topic="nodes",
    title="Nodes accept no SSH logins",
    why="SSH keys of nodes are shared, never expire, and give access to every pod's secrets.",
    fix="Set no SSH keys; inspect nodes with the cloud's session tools.",
    entries=(
        Entry(
            ("aws:eks/nodeGroup:NodeGroup",),
            is_absent("remoteAccess", f"{_REASON}."),
            link="https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
        ),
        Entry(
            ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
            is_absent("keyName", f"{_REASON}."),
            link="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html",
        ),
        Entry(
            ("azure-native:containerservice:AgentPool",),
            is_one_of("securityProfile.sshAccess", ("Disabled", "EntraId"), _REASON),
            refs=("MCSB PA-6",),
            link=_AKS,
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            each("agentPoolProfiles", is_one_of("securityProfile.sshAccess", ("Disabled", "EntraId"), _REASON)),
            refs=("MCSB PA-6",),
            link=_AKS,
        ),
    ),
)
