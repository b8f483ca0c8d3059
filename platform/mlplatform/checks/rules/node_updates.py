"""Nodes are repaired and updated automatically."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _channels(cluster: Resource) -> list[CheckFault]:
    faults: list[CheckFault] = []
    # the program upgrades a declared version, which AKS' channels exclude: they allow no control plane before pools
    if cluster.get("autoUpgradeProfile.upgradeChannel", "none") == "none" and not cluster.get("kubernetesVersion", ""):
        faults.append(CheckFault("Kubernetes is not upgraded automatically.", "autoUpgradeProfile.upgradeChannel"))
    if cluster.get("autoUpgradeProfile.nodeOSUpgradeChannel", "NodeImage") in ("None", "Unmanaged"):
        faults.append(
            CheckFault("Node images are not updated automatically.", "autoUpgradeProfile.nodeOSUpgradeChannel")
        )
    return faults


def _lasts(pool: Resource) -> bool:
    # nodes that are created for one job and deleted with it are neither repaired nor updated
    return not pool.true("nodeConfig.flexStart") and not pool.true("queuedProvisioning.enabled")


RULE = CheckRule(
    id="node-updates",
    level="medium",
    topic="nodes",
    title="Nodes are repaired and updated automatically",
    why="Known vulnerabilities stay on nodes that nobody replaces.",
    fix="Enable repair and automatic upgrades, with a maintenance window.",
    entries=(
        Entry(
            ("aws:eks/nodeGroup:NodeGroup",),
            is_true("nodeRepairConfig.enabled", "Broken nodes are not replaced automatically."),
            link="https://docs.aws.amazon.com/eks/latest/userguide/node-health.html",
        ),
        Entry(
            ("aws:eks/cluster:Cluster",),
            is_one_of(
                "upgradePolicy.supportType", ("STANDARD",), "An old version stays, with extended support at extra cost"
            ),
            refs=("AWS FSBP EKS.2",),
            link="https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            both(
                is_true("management.autoRepair", "Broken nodes are not replaced automatically."),
                is_true("management.autoUpgrade", "Nodes are not updated automatically."),
            ),
            refs=("CIS GKE 1.9 5.5.2", "CIS GKE 1.9 5.5.3"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-upgrades",
            when=_lasts,
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_one_of(
                "releaseChannel.channel",
                ("RAPID", "REGULAR", "STABLE", "EXTENDED"),
                "The cluster follows no release channel",
            ),
            refs=("CIS GKE 1.9 5.5.4",),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_false(
                "enableKubernetesAlpha", "A cluster with alpha features is never upgraded and is deleted after 30 days."
            ),
            refs=("CIS GKE 1.9 5.10.2",),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/alpha-clusters",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _channels,
            refs=("MCSB PV-6",),
            link="https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
        ),
    ),
)
