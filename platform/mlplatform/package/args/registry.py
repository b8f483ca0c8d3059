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
    """Public registries cached in the platform's own.

    If the cloud requires a login for docker.io and ghcr.io, it is read from the stack's configuration: `pulumi
    config set --secret mlplatform:docker-io-user …` and `mlplatform:docker-io-token` (`ghcr-io-…`).

    One of docker.io, quay.io, ghcr.io, registry.k8s.io.
    """

    models: NotRequired[Sequence[str]]
    """Model groups; each holds the versions of one model with their approval state."""
