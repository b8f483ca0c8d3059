"""Nodes boot only signed software."""

from __future__ import annotations

from mlplatform.checks.predicates import both, each, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckRule, Entry

_BOOT = both(
    is_true("securityProfile.enableSecureBoot", "Secure boot is off."),
    is_true("securityProfile.enableVTPM", "The virtual TPM is off."),
)
_AKS = "https://learn.microsoft.com/azure/aks/use-trusted-launch"


def _no_drivers(pool: Resource) -> bool:
    # drivers of GPUs that the node builds itself are not signed
    return not pool.has("nodeConfig.guestAccelerators")


def _cpu_only(pool: Resource) -> bool:
    # AKS installs GPU drivers that secure boot refuses
    return not pool.text("vmSize").lower().startswith(("standard_n",))


RULE = CheckRule(
    id="node-boot",
    level="medium",
    topic="nodes",
    title="Nodes boot only signed software",
    why="Otherwise a modified kernel survives every restart unnoticed.",
    fix="Enable secure boot, integrity monitoring and the virtual TPM.",
    entries=(
        Entry(
            ("gcp:container/nodePool:NodePool",),
            is_true("nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring", "Integrity is not monitored."),
            refs=("CIS GKE 1.9 5.5.6",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/shielded-gke-nodes",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            is_true("nodeConfig.shieldedInstanceConfig.enableSecureBoot", "Secure boot is off."),
            refs=("CIS GKE 1.9 5.5.7",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/shielded-gke-nodes",
            when=_no_drivers,
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_true("enableShieldedNodes", "Shielded nodes are off.", default=True),
            refs=("CIS GKE 1.9 5.5.5",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/shielded-gke-nodes",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            each("agentPoolProfiles", _BOOT),
            refs=("MCSB PV-4",),
            link=_AKS,
        ),
        Entry(("azure-native:containerservice:AgentPool",), _BOOT, refs=("MCSB PV-4",), link=_AKS, when=_cpu_only),
    ),
)
