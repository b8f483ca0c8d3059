"""Somebody can administer the cluster."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_EKS_ADMIN = "AmazonEKSClusterAdminPolicy"
_GKE_ADMIN = "roles/container.admin"
_AKS_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"  # Azure Kubernetes Service RBAC Cluster Admin
_NOBODY = "Nothing in this plan lets anybody administer the cluster."


def _eks(cluster: Resource) -> list[CheckFault]:
    if cluster.text("accessConfig.authenticationMode") in ("", "CONFIG_MAP", "API_AND_CONFIG_MAP"):
        return []  # whoever creates it is in its own table of users
    if cluster.true("accessConfig.bootstrapClusterCreatorAdminPermissions", default=True):
        return []
    granted = _granted(cluster, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "policyArn", _EKS_ADMIN)
    return [] if granted else [CheckFault(_NOBODY, "accessConfig")]


def _gke(cluster: Resource) -> list[CheckFault]:
    granted = _granted(cluster, "gcp:projects/iAMMember:IAMMember", "role", _GKE_ADMIN)
    return [] if granted else [CheckFault(_NOBODY)]


def _aks(cluster: Resource) -> list[CheckFault]:
    if not cluster.true("disableLocalAccounts") or cluster.has("aadProfile.adminGroupObjectIDs[]"):
        return []
    granted = _granted(cluster, "azure-native:authorization:RoleAssignment", "roleDefinitionId", _AKS_ADMIN)
    return [] if granted else [CheckFault(_NOBODY, "aadProfile")]


def _granted(cluster: Resource, token: str, path: str, right: str) -> bool:
    """Whether a grant of the plan names the right; a role that the plan itself makes is none of the cloud's own."""
    return any(
        not grant.from_others(path) and grant.text(path).lower().endswith(right.lower())
        for grant in cluster.index.of_type(token)
    )


RULE = CheckRule(
    id="cluster-administrator",
    level="medium",
    topic="identity",
    title="Somebody can administer each cluster",
    why="Without an administrator nobody can install what jobs need, nor repair the cluster when it fails.",
    fix="Name people for the role 'operator' (targets.people), or accept it where rights are granted elsewhere.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            _eks,
            link="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
            siblings=True,
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            _gke,
            link="https://docs.cloud.google.com/kubernetes-engine/docs/how-to/iam",
            siblings=True,
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _aks,
            link="https://learn.microsoft.com/azure/aks/manage-azure-rbac",
            siblings=True,
        ),
    ),
)
