"""Parts of the registries, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.registry.grants import image_statements, model_statements
from mlplatform.backends.aws.registry.jobs import grant_jobs
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from pulumi_aws import ecr


@dataclass(frozen=True, kw_only=True)
class AwsImages(ImageRegistryParts):
    """ECR repositories."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, ecr.Repository]
    """Repository that the platform creates, by its name in the spec."""

    existing: Mapping[str, pulumi.Input[str]]
    """ARN of each existing repository, by its name in the platform."""

    pulled: Sequence[pulumi.Resource]
    """Caches and their settings: whatever pulls images comes after these."""

    cache_prefixes: Mapping[str, str]
    """Prefix of the repositories that a pull through the cache creates, by public registry."""

    cache_statements: tuple[IamStatement, ...]
    """Rights to fill the caches, needed for every pull."""

    @property
    def arns(self) -> dict[str, pulumi.Input[str]]:
        """ARN of each repository, by its name in the platform."""
        return {name: repository.arn for name, repository in self.repositories.items()} | dict(self.existing)

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        statements = (
            *image_statements(self.scope, self.repositories, tuple(self.existing.values()), access),
            *self.cache_statements,
        )
        native(identity.parts, AwsIdentity).allow(self.scope, access, statements)


@dataclass(frozen=True, kw_only=True)
class AwsModels(ModelRegistryParts):
    """SageMaker model package groups."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    arns: Mapping[str, tuple[str, str]]
    """ARNs of each group and of its versions, by model."""

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions."""
        if self.arns:
            native(identity.parts, AwsIdentity).allow(
                self.scope, access, model_statements(self.scope, self.arns, access)
            )

    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        """Let an identity start SageMaker's jobs and pipelines."""
        grant_jobs(self.scope, identity, runs_as)
