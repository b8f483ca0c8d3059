"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class RegistrySpec(TypedDict):
    """Registries of container images and model versions."""

    repositories: NotRequired[Sequence[str]]
    """Image repositories to create."""

    keep_images: NotRequired[int]
    """Tagged images kept per repository; older ones are removed."""

    untagged_days: NotRequired[int]
    """Days until untagged images are removed."""

    immutable_tags: NotRequired[bool]
    """A pushed tag can never be moved. Omitted: true if the registry can enforce it."""

    scan_on_push: NotRequired[bool]
    """Scan images for known vulnerabilities. Omitted: true if the registry can do it."""

    pull_through: NotRequired[Sequence[str]]
    """Registries cached in the platform's own.

    AWS caches docker.io and ghcr.io only with a login, Azure docker.io, which is read as `logins` says; other
    public images need none. A registry that a cloud does not cache is refused there; `mlplatform render images`
    copies what the cluster pulls from it.

    One of docker.io, quay.io, ghcr.io, registry.k8s.io, public.ecr.aws, mcr.microsoft.com, nvcr.io, gcr.io, us-
    docker.pkg.dev.
    """

    logins: NotRequired[Sequence[str]]
    """Registries of `pull_through` that the caches log in to on every cloud, so that they also pull private images.

    The login is read from the stack's configuration: `pulumi config set --secret mlplatform:docker-io-user …` and
    `mlplatform:docker-io-token` (`ghcr-io-…`, …). Omitted: private images cannot be pulled through a cache.

    One of docker.io, quay.io, ghcr.io, registry.k8s.io, public.ecr.aws, mcr.microsoft.com, nvcr.io, gcr.io, us-
    docker.pkg.dev.
    """

    models: NotRequired[Sequence[str]]
    """Model groups; each holds the versions of one model with their approval state."""
