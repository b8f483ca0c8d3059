"""Registries: container images and models."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.base import Name, SpecModel

Upstream = Literal["docker.io", "quay.io", "ghcr.io", "registry.k8s.io"]


def login_keys(upstream: Upstream) -> tuple[str, str] | None:
    """Pulumi config keys of user and token for a registry that may require a login; None for others."""
    if upstream not in ("docker.io", "ghcr.io"):
        return None
    slug = upstream.replace(".", "-")
    return f"{slug}-user", f"{slug}-token"


class RegistrySpec(SpecModel):
    """Registries of container images and model versions."""

    repositories: tuple[Name, ...] = ("training", "serving")
    """Image repositories to create."""

    keep_images: int = Field(default=50, ge=1, le=1000)
    """Tagged images kept per repository; older ones are removed."""

    untagged_days: int = Field(default=14, ge=1, le=365)
    """Days until untagged images are removed."""

    immutable_tags: bool | None = None
    """A pushed tag can never be moved. Omitted: true if the registry can enforce it."""

    scan_on_push: bool | None = None
    """Scan images for known vulnerabilities. Omitted: true if the registry can do it."""

    pull_through: tuple[Upstream, ...] = ()
    """Public registries cached in the platform's own.

    If the cloud requires a login for docker.io and ghcr.io, it is read from the stack's configuration:
    `pulumi config set --secret mlplatform:docker-io-user …` and `mlplatform:docker-io-token` (`ghcr-io-…`).
    """

    models: tuple[Name, ...] = ()
    """Model groups; each holds the versions of one model with their approval state."""

    @model_validator(mode="after")
    @refuses
    def _unique(self) -> Iterator[FieldProblem]:
        yield from repeated("repositories", self.repositories, inner=None, of="repository")
        yield from repeated("pull_through", self.pull_through, inner=None, of="cached registry")
        yield from repeated("models", self.models, inner=None, of="model group")

    def secret_keys(self) -> tuple[str, ...]:
        """Keys of the stack's configuration that the caches may read, sorted."""
        return tuple(sorted(key for upstream in self.pull_through for key in login_keys(upstream) or ()))
