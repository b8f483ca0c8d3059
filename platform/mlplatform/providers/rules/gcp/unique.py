"""GCP resources of which only one may exist."""

from __future__ import annotations

from mlplatform.providers.rules.base import UniqueRule

_REF = "https://cloud.google.com/"
_GRANT = "one grant of a role to a member, because the removal of a second one removes the first too"


def _grant(token: str, *owner: str) -> UniqueRule:
    return UniqueRule(token, (*owner, "role", "member"), _REF + "iam/docs/reference/rest/v1/Policy", _GRANT)


UNIQUE = (
    # no rule for APIs: enabling an enabled one changes nothing, so two platforms can share a project
    _grant("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId"),
    _grant("gcp:serviceaccount/iAMMember:IAMMember", "serviceAccountId"),
    _grant("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "repository"),
)
