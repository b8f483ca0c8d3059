"""Trust in a CI system: its OIDC provider in the account, and the branch whose tokens may assume a role."""

from __future__ import annotations

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.foundation.parts import AwsFoundation
from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.access import CiSpec

_AUDIENCES = {"github": "sts.amazonaws.com", "gitlab": "https://gitlab.com"}
"""Audience of each CI system's tokens."""


def ci_trust(target: AwsTarget, ci: CiSpec) -> pulumi.Input[str]:
    """Trust in the tokens of one branch of one repository."""
    issuer = ci.issuer.removeprefix("https://")
    # the provider's ARN is its issuer's name: written out, a preview shows the whole policy
    provider_arn = target.arn("iam", f"oidc-provider/{issuer}", regional=False)
    return policy_document(
        IamStatement(
            sid="Ci",
            actions=("sts:AssumeRoleWithWebIdentity",),
            principals={"Federated": target.oidc_provider_arn or provider_arn},
            conditions={"StringEquals": {f"{issuer}:aud": _AUDIENCES[ci.system], f"{issuer}:sub": ci.subject}},
        )
    )


def ci_provider(scope: Scope, ci: CiSpec, foundation: AwsFoundation) -> list[pulumi.Resource]:
    """The account's OIDC provider for the CI system's tokens, created once; empty if the target names one."""
    if scope.target(AwsTarget).oidc_provider_arn:
        return []
    issuer = ci.issuer.removeprefix("https://")
    if issuer not in foundation.oidc:
        foundation.oidc[issuer] = iam.OpenIdConnectProvider(
            scope.child("oidc"),
            url=ci.issuer,
            client_id_lists=[_AUDIENCES[ci.system]],
            tags=scope.tags,
            opts=scope.opts(delete_before_replace=True),
        )
    return [foundation.oidc[issuer]]
