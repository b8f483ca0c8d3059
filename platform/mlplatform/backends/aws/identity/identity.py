"""IAM roles of workloads, CI and people, without keys, and without rights until something grants them."""

from __future__ import annotations

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.foundation.parts import AwsFoundation
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.identity.people_rights import people_rights
from mlplatform.backends.aws.naming import ROLE, physical
from mlplatform.backends.aws.policy import Statement, Text, document, trust
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Purpose
from mlplatform.spec.access import ROLES, CiSpec, Role

_ISSUERS = {
    "github": ("token.actions.githubusercontent.com", "sts.amazonaws.com"),
    "gitlab": ("gitlab.com", "https://gitlab.com"),
}
"""Issuer and audience of each CI system's tokens."""

_PEOPLE_SESSION_SECONDS = 8 * 3600


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> AwsIdentity:
    """Make the role that may act as this identity."""
    short = scope.name.removeprefix(f"{scope.context.prefix}-")
    name = physical(scope.spec, short, ROLE)
    ci = scope.spec.access.ci if purpose == "ci" else None
    before = _oidc(scope, ci, native(foundation.parts, AwsFoundation)) if ci else []
    role = iam.Role(
        scope.child("role"),
        name=name,
        description=f"{scope.spec.name} {scope.spec.environment}: {purpose}",
        assume_role_policy=_trust(scope, purpose),
        max_session_duration=_PEOPLE_SESSION_SECONDS if purpose in ROLES else 3600,
        tags=scope.tags,
        opts=scope.opts(depends_on=[*foundation.parts.ready, *before]),
    )
    identity = AwsIdentity(principal=role.arn, role_name=role.name, short_name=short)
    if purpose in ROLES:
        people_rights(scope, purpose, identity)
    return identity


def _trust(scope: Scope, purpose: Purpose) -> Text:
    target = scope.target(AwsTarget)
    match purpose:
        case "training":
            return pod_trust(target, scope.spec.access.training_namespace, "training")
        case "pipelines" | "serving":
            return trust(
                "sagemaker.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": target.account_id}},
            )
        case "ci":
            if scope.spec.access.ci is None:
                raise ValueError("an identity for CI needs access.ci in the spec")
            return _ci_trust(target, scope.spec.access.ci)
        case _:
            return _people_trust(target, purpose)


def pod_trust(target: AwsTarget, namespace: str, service_account: str) -> Text:
    """Trust in the pods of one Kubernetes service account, which EKS names in the session's tags.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return document(
        Statement(
            sid="Pods",
            actions=("sts:AssumeRole", "sts:TagSession"),
            principals={"Service": "pods.eks.amazonaws.com"},
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": target.account_id,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        )
    )


def _ci_trust(target: AwsTarget, ci: CiSpec) -> Text:
    issuer, audience = _ISSUERS[ci.system]
    if ci.system == "github":
        subject = f"repo:{ci.repository}:ref:refs/heads/{ci.branch}"
    else:
        subject = f"project_path:{ci.repository}:ref_type:branch:ref:{ci.branch}"
    # the provider's ARN is its issuer's name: written out, a preview shows the whole policy
    made = target.arn("iam", f"oidc-provider/{issuer}", regional=False)
    return document(
        Statement(
            sid="Ci",
            actions=("sts:AssumeRoleWithWebIdentity",),
            principals={"Federated": target.oidc_provider_arn or made},
            conditions={"StringEquals": {f"{issuer}:aud": audience, f"{issuer}:sub": subject}},
        )
    )


def _oidc(scope: Scope, ci: CiSpec, foundation: AwsFoundation) -> list[pulumi.Resource]:
    """The account's provider for the CI system's tokens, made once."""
    if scope.target(AwsTarget).oidc_provider_arn:
        return []
    issuer, audience = _ISSUERS[ci.system]
    if issuer not in foundation.oidc:
        foundation.oidc[issuer] = iam.OpenIdConnectProvider(
            scope.child("oidc"),
            url=f"https://{issuer}",
            client_id_lists=[audience],
            tags=scope.tags,
            opts=scope.opts(delete_before_replace=True),
        )
    return [foundation.oidc[issuer]]


def _people_trust(target: AwsTarget, role: Role) -> Text:
    principals = target.people.get(role, ())
    saml = [principal for principal in principals if ":saml-provider/" in principal]
    named = [principal for principal in principals if principal not in saml]
    statements: list[Statement] = []
    if named:
        statements.append(Statement(sid="People", actions=("sts:AssumeRole",), principals={"AWS": named}))
    if saml:
        sign_in = "signin.amazonaws.cn" if target.partition == "aws-cn" else "signin.aws.amazon.com"
        statements.append(
            Statement(
                sid="Saml",
                actions=("sts:AssumeRoleWithSAML",),
                principals={"Federated": saml},
                conditions={"StringEquals": {"SAML:aud": f"https://{sign_in}/saml"}},
            )
        )
    if not statements:
        raise ValueError(f"an identity for {role} needs principals in the target's people")
    return document(*statements)
