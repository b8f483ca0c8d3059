"""Network policies can isolate pods."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _cni(cluster: Resource) -> list[CheckFault]:
    addons = cluster.siblings("aws:eks/addon:Addon", "clusterName")
    cnis = [addon for addon in addons if addon.text("addonName") == "vpc-cni"]
    if any(str(addon.document("configurationValues").get("enableNetworkPolicy")).lower() == "true" for addon in cnis):
        return []
    return [CheckFault("The network add-on enforces no network policies.", "configurationValues")]


def _gke(cluster: Resource) -> list[CheckFault]:
    if cluster.text("datapathProvider") == "ADVANCED_DATAPATH" or cluster.true("networkPolicy.enabled"):
        return []
    return [CheckFault("The cluster enforces no network policies.", "datapathProvider")]


RULE = CheckRule(
    id="network-policy",
    level="medium",
    topic="cluster",
    title="The cluster enforces network policies",
    why="Without them every notebook reaches every training job and every add-on.",
    fix="Enable the enforcement of network policies.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            _cni,
            refs=("CIS EKS 1.8 5.4.4",),
            link="https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html",
            siblings=True,
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            _gke,
            refs=("CIS GKE 1.9 4.3.1",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            is_one_of(
                "networkProfile.networkPolicy",
                ("cilium", "azure", "calico"),
                "The cluster enforces no network policies",
            ),
            refs=("CIS AKS 1.8 5.4.4", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/aks/use-network-policies",
        ),
    ),
)
