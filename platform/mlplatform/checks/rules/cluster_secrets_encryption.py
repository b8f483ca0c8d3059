"""Kubernetes secrets are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_one_of, is_true, own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Kubernetes secrets are encrypted only with the cloud's own key."

RULE = CheckRule(
    id="cluster-secrets-encryption",
    level="high",
    topic="encryption",
    title="Kubernetes secrets are encrypted with a customer-managed key",
    why="Otherwise anyone who reads the cluster's database or a backup of it reads every secret.",
    fix="Encrypt the cluster's secrets with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            own_key("encryptionConfig.provider.keyArn", _REASON),
            refs=("CIS EKS 1.8 5.3.1", "AWS FSBP EKS.3"),
            link="https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_one_of("databaseEncryption.state", ("ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"), _REASON),
                own_key("databaseEncryption.keyName", _REASON),
            ),
            refs=("CIS GKE 1.9 5.3.1",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            both(
                is_true("securityProfile.azureKeyVaultKms.enabled", _REASON),
                own_key("securityProfile.azureKeyVaultKms.keyId", _REASON),
            ),
            refs=("CIS AKS 1.8 5.3.1", "MCSB DP-5"),
            link="https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption",
        ),
    ),
)
