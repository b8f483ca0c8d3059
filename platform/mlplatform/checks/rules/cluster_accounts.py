"""The cluster has no local accounts: people and tools log in with their directory identity."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="cluster-accounts",
    level="high",
    topic="identity",
    title="The cluster has no local accounts",
    why="Client certificates and local administrators cannot be revoked and appear in no directory.",
    fix="Disable local accounts and grant access to identities.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            both(
                is_one_of("accessConfig.authenticationMode", ("API",), "Access is also granted by a config map"),
                is_false(
                    "accessConfig.bootstrapClusterCreatorAdminPermissions",
                    "The cluster's creator stays a hidden administrator.",
                    default=True,
                ),
            ),
            refs=("CIS EKS 1.8 5.5.1",),
            link="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_false(
                    "masterAuth.clientCertificateConfig.issueClientCertificate",
                    "The cluster issues client certificates.",
                ),
                is_false("enableLegacyAbac", "Legacy authorisation (ABAC) is on."),
            ),
            refs=("CIS GKE 1.9 5.8.1", "CIS GKE 1.9 5.8.3"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            both(
                is_true("disableLocalAccounts", "The cluster's local administrator can log in."),
                is_true("aadProfile.managed", "Users do not log in through Entra ID."),
                is_true("aadProfile.enableAzureRBAC", "Access is not controlled by Azure roles."),
            ),
            refs=("CIS AKS 1.8 5.5.1", "CIS AKS 1.8 5.5.2", "MCSB IM-1"),
            link="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
        ),
    ),
)
