"""GCP resources of which only one may exist."""

from __future__ import annotations

from mlplatform.providers.rules.base import UniqueRule

_REF = "https://cloud.google.com/"
_GRANT = "one grant of a role to a member; the second would take the first with it when it is removed"


def _grant(token: str, *owner: str) -> UniqueRule:
    return UniqueRule(token, (*owner, "role", "member"), _REF + "iam/docs/reference/rest/v1/Policy", _GRANT)


UNIQUE = (
    # no rule for APIs: one that is enabled already is taken as it is, so two platforms can share a project
    _grant("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId"),
    _grant("gcp:serviceaccount/iAMMember:IAMMember", "serviceAccountId"),
    _grant("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "repository"),
)
