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

    AWS caches docker.io and ghcr.io only with a login, which is read as `logins` says; GCP and Azure pull public
    images without one.

    One of docker.io, quay.io, ghcr.io, registry.k8s.io.
    """

    logins: NotRequired[Sequence[str]]
    """Registries of `pull_through` that the caches log in to on every cloud, so that they also pull private images.

    The login is read from the stack's configuration: `pulumi config set --secret mlplatform:docker-io-user …` and
    `mlplatform:docker-io-token` (`ghcr-io-…`, `quay-io-…`). Omitted: private images cannot be pulled through a
    cache.

    One of docker.io, quay.io, ghcr.io, registry.k8s.io.
    """

    models: NotRequired[Sequence[str]]
    """Model groups; each holds the versions of one model with their approval state."""
