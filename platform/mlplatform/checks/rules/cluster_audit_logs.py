"""The control plane keeps its logs, the audit log among them."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_EKS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_GKE = ("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER")


def _missing(cluster: Resource, path: str, wanted: tuple[str, ...]) -> list[CheckFault]:
    missing = [name for name in wanted if name not in cluster.texts(f"{path}[]")]
    return [CheckFault(f"The control plane's logs lack {', '.join(missing)}.", path)] if missing else []


def _aks(cluster: Resource) -> list[CheckFault]:
    on = {
        log.text("category") or log.text("categoryGroup")
        for setting in cluster.siblings("azure-native:monitor:DiagnosticSetting", "resourceUri")
        for at, item in setting.each("logs[]")
        if (log := setting.inside(at, item)).true("enabled")
    }
    if on & {"kube-audit", "kube-audit-admin", "audit", "allLogs"}:
        return []
    return [CheckFault("The audit log of the Kubernetes API is not kept.")]


RULE = CheckRule(
    id="cluster-audit-logs",
    level="medium",
    topic="logging",
    title="The cluster's control plane logs are kept",
    why="Without the audit log nobody can see who ran, read or deleted what.",
    fix="Enable the control plane's logs.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            lambda cluster: _missing(cluster, "enabledClusterLogTypes", _EKS),
            refs=("CIS EKS 1.8 2.1.1", "AWS FSBP EKS.8"),
            link="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            lambda cluster: _missing(cluster, "loggingConfig.enableComponents", _GKE),
            refs=("CIS GKE 1.9 5.7.1",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/view-logs",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _aks,
            refs=("CIS AKS 1.8 2.1.1", "MCSB LT-3"),
            link="https://learn.microsoft.com/azure/aks/monitor-aks",
            siblings=True,
        ),
    ),
)
