"""Rights on images and model versions, as statements of an identity's policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.naming import arns_or_prefix
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import COPIES

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH = (
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
    "ecr:DescribeImages",
)
_READ = (
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:ListModelPackages",
)
_REGISTER = ("sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage", "sagemaker:AddTags")
_UNAPPROVED = {
    "StringEqualsIfExists": {
        "sagemaker:ModelApprovalStatus": "PendingManualApproval",
        "sagemaker:ModelLifeCycle:stage": "Development",
    }
}
"""Whoever registers a version does not approve it, and moves it to no stage but that of development. A request without
a status makes a version that waits for approval.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-staging-construct-set-up.html (2026-11)
"""


def image_statements(
    scope: Scope, repositories: Collection[str], existing: Sequence[pulumi.Input[str]], access: Literal["pull", "push"]
) -> tuple[IamStatement, ...]:
    """Rights to pull, or pull and push, images of the repositories.

    Args:
        scope: the registry's scope.
        repositories: names of the platform's own.
        existing: ARNs of existing ones.
        access: the kind of access.
    """
    prefix = scope.target(AwsTarget).arn("ecr", f"repository/{platform_name(scope.spec)}/")
    arns = arns_or_prefix([f"{prefix}{name}" for name in repositories], prefix, every=True)
    actions = (*_PULL, *_PUSH) if access == "push" else _PULL
    # a login token is for the registry, not for a repository: the action takes no resource
    login = IamStatement(sid="Login", actions=("ecr:GetAuthorizationToken",), resources="*")
    statements = [login]
    if arns:
        statements.append(IamStatement(sid="Images", actions=actions, resources=arns))
    if existing:
        statements.append(IamStatement(sid="ExistingImages", actions=actions, resources=tuple(existing)))
    if access == "push" and scope.spec.keeps_copies:
        # ECR makes a repository for the first push into it, with the pusher's right
        copies = [f"{prefix}{COPIES}/*"]
        statements.append(IamStatement(sid="Copies", actions=(*actions, "ecr:CreateRepository"), resources=copies))
    return tuple(statements)


def model_statements(
    scope: Scope, arns: Mapping[str, tuple[str, str]], access: Literal["read", "register"]
) -> tuple[IamStatement, ...]:
    """The right to read, or read and register, model versions, and not to approve them.

    Args:
        scope: the registry's scope.
        arns: ARNs of each group and of its versions, by model.
        access: the kind of access.
    """
    target, spec = scope.target(AwsTarget), scope.spec
    by_kind = zip(("model-package-group", "model-package"), zip(*arns.values(), strict=True), strict=True)
    resources = [
        arn
        for kind, kind_arns in by_kind
        for arn in arns_or_prefix(kind_arns, target.arn("sagemaker", f"{kind}/{platform_name(spec)}-"), every=True)
    ]
    read = IamStatement(sid="Models", actions=_READ, resources=resources)
    if access == "read":
        return (read,)
    return (read, IamStatement(sid="Register", actions=_REGISTER, resources=resources, conditions=_UNAPPROVED))
