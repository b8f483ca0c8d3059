"""Registries: container images and models."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.base import Name, SpecModel

Upstream = Literal[
    "docker.io",
    "quay.io",
    "ghcr.io",
    "registry.k8s.io",
    "public.ecr.aws",
    "mcr.microsoft.com",
    "nvcr.io",
    "gcr.io",
    "us-docker.pkg.dev",
]
"""A public registry. Not every cloud's registry caches each of them."""

_WITHOUT_ACCOUNTS: tuple[Upstream, ...] = ("registry.k8s.io", "public.ecr.aws", "mcr.microsoft.com")
"""Registries whose images are all public."""

COPIES = "copies"
"""Name of the repository, or the folder, with copies of the public images that the layer in the cluster pulls."""


def login_keys(upstream: Upstream) -> tuple[str, str]:
    """Pulumi config keys of the user and the token with which a cache logs in to a registry."""
    slug = upstream.replace(".", "-")
    return f"{slug}-user", f"{slug}-token"


_REQUIRED: tuple[Upstream, ...] = ("docker.io", "ghcr.io")
"""Registries that a cloud caches only with a login; others ask for one in `logins` alone."""


def needs_login(upstream: Upstream) -> bool:
    """Whether some cloud caches a registry only with a login, also for public images."""
    return upstream in _REQUIRED


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
    """Registries cached in the platform's own.

    AWS caches docker.io and ghcr.io only with a login, Azure docker.io, which is read as `logins` says; other public
    images need none. A registry that a cloud does not cache is refused there; `mlplatform render images` copies what
    the cluster pulls from it.
    """

    logins: tuple[Upstream, ...] = ()
    """Registries of `pull_through` that the caches log in to on every cloud, so that they also pull private images.

    The login is read from the stack's configuration: `pulumi config set --secret mlplatform:docker-io-user …` and
    `mlplatform:docker-io-token` (`ghcr-io-…`, …). Omitted: private images cannot be pulled through a cache.
    """

    models: tuple[Name, ...] = ()
    """Model groups; each holds the versions of one model with their approval state."""

    @model_validator(mode="after")
    @refuses
    def _unique(self) -> Iterator[FieldProblem]:
        yield from repeated("repositories", self.repositories, inner=None, of="repository")
        yield from repeated("pull_through", self.pull_through, inner=None, of="cached registry")
        yield from repeated("models", self.models, inner=None, of="model group")
        yield from repeated("logins", self.logins, inner=None, of="registry")
        for index, upstream in enumerate(self.logins):
            if upstream not in self.pull_through:
                yield FieldProblem(
                    ("logins", index),
                    "a registry of pull_through",
                    f"add {upstream} to pull_through, or remove it here",
                    fields=(("pull_through",),),
                )
            elif upstream in _WITHOUT_ACCOUNTS:
                yield FieldProblem(
                    ("logins", index), "a registry with accounts: every image of this one is public", "remove it"
                )

    def secret_keys(self) -> tuple[str, ...]:
        """Keys of the stack's configuration that the caches may read, sorted."""
        upstreams: set[Upstream] = {
            *self.logins,
            *(upstream for upstream in self.pull_through if needs_login(upstream)),
        }
        return tuple(sorted(key for upstream in upstreams for key in login_keys(upstream)))
