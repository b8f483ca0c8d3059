"""Images are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Images are encrypted with the cloud's key, not with a customer-managed one."
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"

RULE = CheckRule(
    id="registry-encryption",
    level="medium",
    topic="encryption",
    title="Images are encrypted with customer-managed keys",
    why="Images contain code and often weights; only a customer-managed key can be revoked.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"),
            own_key("encryptionConfigurations[].kmsKey", _REASON),
            refs=("AWS FSBP ECR.5",),
            link=_ECR,
        ),
        Entry(
            ("gcp:artifactregistry/repository:Repository",),
            own_key("kmsKeyName", _REASON),
            link="https://cloud.google.com/artifact-registry/docs/cmek",
        ),
        Entry(
            ("azure-native:containerregistry:Registry",),
            own_key("encryption.keyVaultProperties.keyIdentifier", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys",
        ),
    ),
)
