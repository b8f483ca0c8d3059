"""What the registries hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.aws.policy import Statement
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts

if TYPE_CHECKING:
    from pulumi_aws import ecr


@dataclass(frozen=True, kw_only=True)
class AwsImages(ImageRegistryParts):
    """ECR repositories."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, ecr.Repository]
    """Repository by its name in the spec."""

    pulled: Sequence[pulumi.Resource]
    """Caches and their settings: a puller comes after these."""

    cache_prefixes: Mapping[str, str]
    """First part of the repository names that a pull through the cache makes, by public registry."""

    cache_statements: tuple[Statement, ...]
    """What a puller needs to fill the caches."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.aws.identity.grants import grant_images

        grant_images(self, identity, access)
