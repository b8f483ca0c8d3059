"""Clusters run a Kubernetes version whose support does not end soon."""

from __future__ import annotations

from mlplatform.catalog.catalog import catalog_path, load_catalog
from mlplatform.catalog.kubernetes import minor
from mlplatform.catalog.today import selling_day
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Applies, CheckFault, CheckRule, Entry, Test

_NEAR_DAYS = 90


def _supported(cloud: str, path: str, is_extended: Applies) -> Test:
    def faults(cluster: Resource) -> list[CheckFault]:
        service, day = load_catalog(catalog_path(cloud)).kubernetes, selling_day()
        number = minor(cluster.text(path))
        release = service.release(f"1.{number}")
        if not number or day is None or number > minor(service.releases[-1].version):
            return []
        if release is None:
            return [CheckFault(f"Support of 1.{number} has ended.", path)]
        until = release.until(extended=is_extended(cluster))
        if day > until:
            return [CheckFault(f"Support of 1.{number} ended on {until}.", path)]
        if (until - day).days <= _NEAR_DAYS:
            return [CheckFault(f"Support of 1.{number} ends on {until}.", path)]
        return []

    return faults


RULE = CheckRule(
    id="kubernetes-support",
    level="medium",
    topic="nodes",
    title="Clusters run a supported version of Kubernetes",
    why="At the end of support the cloud upgrades the control plane by itself, on a day that it chooses, and nobody "
    "patches what stays.",
    fix="Raise training.kubernetes_version by one minor version, or set training.support to extended.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            _supported("aws", "version", lambda cluster: cluster.text("upgradePolicy.supportType") != "STANDARD"),
            refs=("AWS FSBP EKS.2",),
            link="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            _supported("gcp", "minMasterVersion", lambda cluster: cluster.text("releaseChannel.channel") == "EXTENDED"),
            link="https://docs.cloud.google.com/kubernetes-engine/docs/release-schedule",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _supported(
                "azure", "kubernetesVersion", lambda cluster: cluster.text("supportPlan") == "AKSLongTermSupport"
            ),
            link="https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
        ),
    ),
)
