"""Logins of CI: the claims of a job's token, and the identities that a cloud lets such a token act as.

The claims are GitHub's: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

_CEL = re.compile(r"assertion\.(?P<claim>\w+) == '(?P<value>[^']*)'")
_AWS_SUBJECT = "sts:AssumeRoleWithWebIdentity"


class Granted(Protocol):
    """A planned or held resource."""

    @property
    def type(self) -> str:
        """Type token."""
        ...

    @property
    def inputs(self) -> Mapping[str, object]:
        """Inputs in wire names."""
        ...


@dataclass(frozen=True, kw_only=True)
class GitHubJob:
    """A job of GitHub Actions, and the repository it runs in."""

    owner: str
    """Name of the account that owns the repository."""

    repository: str
    """Name of the repository, without its owner."""

    owner_id: str
    """The account's number."""

    repository_id: str
    """The repository's number."""

    immutable: bool
    """Whether subjects carry the numbers: so it is where the repository was made, renamed or moved since 2026-07-15."""

    branch: str = "main"
    """The branch that it runs on."""

    environment: str = ""
    """The GitHub environment that it runs in; empty for none."""

    pull_request: bool = False
    """Whether a pull request started it."""

    def claims(self, audience: str) -> Mapping[str, str]:
        """Claims of the job's token for an audience."""
        owner, repository = self.owner, self.repository
        if self.immutable:
            owner, repository = f"{owner}@{self.owner_id}", f"{repository}@{self.repository_id}"
        if self.environment:
            part = f"environment:{self.environment}"
        else:
            part = "pull_request" if self.pull_request else f"ref:refs/heads/{self.branch}"
        return {
            "iss": "https://token.actions.githubusercontent.com",
            "aud": audience,
            "sub": f"repo:{owner}/{repository}:{part}",
            "repository": f"{self.owner}/{self.repository}",
            "repository_id": self.repository_id,
            "repository_owner": self.owner,
            "repository_owner_id": self.owner_id,
            "ref": "refs/pull/1/merge" if self.pull_request else f"refs/heads/{self.branch}",
        }


def identities_of(job: GitHubJob, resources: Iterable[Granted]) -> tuple[str, ...]:
    """Names of the identities that a job may act as, with the audience that each cloud expects.

    Args:
        job: the job.
        resources: everything that a platform has on one cloud.

    Raises:
        ValueError: a condition is in a form that is not read here; unknown is never taken for yes.
    """
    kept = list(resources)
    return tuple(sorted({*_aws(job, kept), *_gcp(job, kept), *_azure(job, kept)}))


def _aws(job: GitHubJob, resources: Iterable[Granted]) -> Iterator[str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"""
    claims = job.claims("sts.amazonaws.com")
    issuer = claims["iss"].removeprefix("https://")
    for role in resources:
        if role.type != "aws:iam/role:Role":
            continue
        policy = json.loads(str(role.inputs["assumeRolePolicy"]))
        for statement in cast("list[dict[str, object]]", policy["Statement"]):
            if _AWS_SUBJECT not in _texts(statement["Action"]):
                continue
            conditions = cast("dict[str, dict[str, object]]", statement.get("Condition", {}))
            if set(conditions) - {"StringEquals"}:
                raise ValueError(f"conditions {sorted(conditions)}: only StringEquals is read here")
            equal = conditions.get("StringEquals", {})
            if all(claims.get(key.removeprefix(f"{issuer}:"), "") in _texts(value) for key, value in equal.items()):
                yield str(role.inputs["name"])


def _gcp(job: GitHubJob, resources: Iterable[Granted]) -> Iterator[str]:
    """https://docs.cloud.google.com/iam/docs/workload-identity-federation#mapping"""
    kept = list(resources)
    claims = job.claims("https://iam.googleapis.com/")
    attributes: dict[str, str] = {}
    for provider in kept:
        if provider.type != "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider":
            continue
        terms = str(provider.inputs["attributeCondition"]).split(" && ")
        read = [_CEL.fullmatch(term) for term in terms]
        if not all(read):
            raise ValueError(f"{provider.inputs['attributeCondition']}: only equal claims are read here")
        if all(claims.get(term["claim"]) == term["value"] for term in read if term):
            mapping = cast("Mapping[str, str]", provider.inputs["attributeMapping"])
            attributes |= {key: claims.get(claim.removeprefix("assertion."), "") for key, claim in mapping.items()}
    for grant in kept:
        member = str(grant.inputs.get("member", ""))
        if member.startswith("principalSet://") and grant.inputs.get("role") == "roles/iam.workloadIdentityUser":
            _, _, wanted = member.partition("/workloadIdentityPools/")
            _, attribute, value = wanted.split("/", 2)
            if attributes.get(attribute) == value:
                yield "serviceAccount"


def _azure(job: GitHubJob, resources: Iterable[Granted]) -> Iterator[str]:
    """https://learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects"""
    claims = job.claims("api://AzureADTokenExchange")
    for credential in resources:
        if credential.type == "azure-native:managedidentity:FederatedIdentityCredential" and (
            credential.inputs["issuer"] == claims["iss"]
            and credential.inputs["subject"] == claims["sub"]
            and claims["aud"] in _texts(credential.inputs["audiences"])
        ):
            yield str(credential.inputs["federatedIdentityCredentialResourceName"])


def _texts(value: object) -> tuple[str, ...]:
    return tuple(cast("list[str]", value)) if isinstance(value, list | tuple) else (str(value),)
