"""People and tools log in to the cluster with their directory's identity only."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.rule import Entry, Rule

RULE = Rule(
    id="cluster-accounts",
    level="high",
    topic="identity",
    title="The cluster knows no accounts of its own",
    why="Client certificates and local admins cannot be taken back and appear in no directory.",
    fix="Switch local accounts off and give rights to identities.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            both(
                is_one_of("accessConfig.authenticationMode", ("API",), "Rights are also kept in a config map"),
                is_false(
                    "accessConfig.bootstrapClusterCreatorAdminPermissions",
                    "Whoever makes the cluster stays its hidden administrator.",
                    default=True,
                ),
            ),
            refs=("CIS EKS 1.8 5.5.1",),
            link="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_false("masterAuth.clientCertificateConfig.issueClientCertificate", "It issues client certificates."),
                is_false("enableLegacyAbac", "Legacy authorisation is on."),
            ),
            refs=("CIS GKE 1.9 5.8.1", "CIS GKE 1.9 5.8.3"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            both(
                is_true("disableLocalAccounts", "The cluster's local administrator can log in."),
                is_true("aadProfile.managed", "Users are not those of the directory."),
                is_true("aadProfile.enableAzureRBAC", "Rights are not given by roles of Azure."),
            ),
            refs=("CIS AKS 1.8 5.5.1", "CIS AKS 1.8 5.5.2", "MCSB IM-1"),
            link="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
        ),
    ),
)
