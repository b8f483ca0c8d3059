"""Existing ECR repositories: their addresses, and what their owner must provide."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from mlplatform.backends.aws.existing import AwsExistingRegistry
from mlplatform.backends.aws.repositories import address_of
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.preflight import Requirement
from mlplatform.components.scope import Scope


def existing_repositories(scope: Scope) -> Mapping[str, pulumi.Input[str]]:
    """ARN of each existing repository, by its name in the platform."""
    existing = scope.context.existing.registry
    return native(existing, AwsExistingRegistry).repositories if existing else {}


def existing_address(scope: Scope, arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """Address for `docker push` of an existing repository."""
    suffix = scope.target(AwsTarget).dns_suffix
    return pulumi.Output.from_input(arn).apply(lambda known: address_of(known, suffix))


def repository_requirements(scope: Scope, repositories: Mapping[str, pulumi.Input[str]]) -> tuple[Requirement, ...]:
    """What the owners of other accounts' repositories must provide: an identity's own policy is only one half there.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
    """
    account = scope.target(AwsTarget).account_id
    return tuple(
        _requirement(name, arn, account)
        for name, arn in repositories.items()
        # the ARN of a resource in the same program is not known yet, and so usually of the same account
        if isinstance(arn, str) and arn.split(":")[4] != account
    )


def _requirement(name: str, arn: str, account: str) -> Requirement:
    _, _, _, region, owner, path = arn.split(":", 5)
    return Requirement(
        f"a policy of the repository '{name}' ({arn}) that lets account {account} pull its images "
        "(ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer), and push them if CI or "
        "people of this platform do",
        f"aws ecr get-repository-policy --registry-id {owner} --region {region} "
        f"--repository-name {path.removeprefix('repository/')}",
    )
