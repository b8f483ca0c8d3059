"""Who may take the two roles: the jobs of the CI system, or whoever the account lets."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.bootstrap.policies import Statement, policy_of
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.spec.platform import PlatformSpec

AUDIENCES = {"github": "sts.amazonaws.com", "gitlab": "https://gitlab.com"}
"""Audience of the tokens of each CI system."""


def oidc_provider_arn(spec: PlatformSpec, target: AwsTarget) -> str:
    """ARN of the provider for the issuer of the CI system: the one that the target names, or the one to make."""
    ci = spec.access.ci
    assert ci is not None
    host = ci.issuer.removeprefix("https://")
    return target.oidc_provider_arn or target.arn("iam", f"oidc-provider/{host}", regional=False)


def trust_policy(spec: PlatformSpec, target: AwsTarget, duty: str) -> Statement:
    """The trust policy of the role of a duty, `deploy` or `preview`."""
    ci = spec.access.ci
    if ci is None:
        # whoever the account's administrators let assume it: without CI, people run `up`
        root = target.arn("iam", "root", regional=False)
        return policy_of([{"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}])
    host = ci.issuer.removeprefix("https://")
    subjects = ci.preview_subjects if duty == "preview" else (ci.deploy_subject(spec.environment),)
    return policy_of(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": oidc_provider_arn(spec, target)},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": _conditions(host, AUDIENCES[ci.system], subjects),
            }
        ]
    )


def _conditions(host: str, audience: str, subjects: Sequence[str]) -> dict[str, dict[str, object]]:
    subject: dict[str, object] = {f"{host}:sub": list(subjects)}
    return {"StringEquals": {f"{host}:aud": audience, **subject}}
