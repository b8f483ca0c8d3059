"""Addresses of the platform's image repositories, its own and existing ones. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def repository_addresses(spec: PlatformSpec) -> dict[str, str]:
    """Address by repository, of those that the spec creates and those that its target names."""
    target = target_of(spec, GcpTarget)
    named = target.existing.registry if target.existing else None
    host = f"{target.region}-docker.pkg.dev/{target.project}"
    own = {name: f"{host}/{physical_name(spec, name, COMPUTE)}" for name in spec.registry.repositories}
    existing = named.repositories if named else {}
    return own | {name: address_of(path) for name, path in existing.items()}


def address_of(path: str) -> str:
    """Address of a repository: `projects/images/locations/europe/repositories/base` is
    `europe-docker.pkg.dev/images/base`."""
    _, project, _, location, _, name = path.split("/")
    return f"{location}-docker.pkg.dev/{project}/{name}"
