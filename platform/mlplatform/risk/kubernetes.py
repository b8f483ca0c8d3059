"""Kubernetes versions that a control plane cannot be changed to."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.catalog.kubernetes import minor
from mlplatform.plan.sources.fields import text
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit

_VERSIONS = {
    "aws:eks/cluster:Cluster": ("version", "EKS"),
    "gcp:container/cluster:Cluster": ("minMasterVersion", "GKE"),
    "azure-native:containerservice:ManagedCluster": ("kubernetesVersion", "AKS"),
}
"""The input with the control plane's version, and the service, by type."""

_SKIPPED = {
    "EKS": "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
    "GKE": "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster",
    "AKS": "https://learn.microsoft.com/azure/aks/upgrade-aks-control-plane#kubernetes-version-upgrade-rules",
}


def refused_versions(evidence: Evidence) -> Iterator[Hit]:
    """Changes of a control plane's version that skip a minor version, or go back to an earlier one."""
    for before, after in evidence.pairs():
        if before is None or after is None or after.type not in _VERSIONS:
            continue
        path, service = _VERSIONS[after.type]
        old, new = (text(step.inputs.get(path)) for step in (before, after))
        was, will = minor(old), minor(new)
        if was and will and will > was + 1:
            steps = ", then ".join(f"1.{number}" for number in range(was + 1, will + 1))
            yield Hit(
                "high",
                after.urn,
                f"{service} refuses {new} after {old}: a control plane is upgraded one minor version at a time.",
                path,
                fix=f"Set training.kubernetes_version to {steps}, with one `up` for each.",
                link=_SKIPPED[service],
            )
        elif will and will < was:
            yield Hit(
                "high",
                after.urn,
                f"{service} never goes back from {old} to {new}."
                if service != "GKE"
                else f"{service} keeps {old}: {new} is only a least version, and nothing goes back to it.",
                path,
                fix=f"Leave training.kubernetes_version at 1.{was}, or make a new cluster.",
                link=_SKIPPED[service],
            )
