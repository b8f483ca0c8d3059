"""Images are encrypted with a key of one's own."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import Entry, Rule

_REASON = "Images are encrypted with the vendor's key, not with one of your own."
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"

RULE = Rule(
    id="registry-encryption",
    level="medium",
    topic="encryption",
    title="Images are encrypted with keys of your own",
    why="Images carry code and often weights; only a key of your own can be taken away.",
    fix="Name a key of the platform.",
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
