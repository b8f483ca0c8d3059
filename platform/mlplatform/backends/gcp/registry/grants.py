"""Grants on repositories of images and models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pulumi
from pulumi_gcp import artifactregistry

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope

READER = "roles/artifactregistry.reader"
"""Pull images, read model versions."""

_WRITER = "roles/artifactregistry.writer"

_Repositories = Mapping[str, artifactregistry.Repository]


def grant_images(
    scope: Scope,
    repositories: _Repositories,
    caches: _Repositories,
    existing: Mapping[str, pulumi.Input[str]],
    identity: Identity,
    access: Literal["pull", "push"],
) -> None:
    """Let an identity pull, or pull and push, images; caches are only ever pulled from."""
    role = _WRITER if access == "push" else READER
    _grant_all(scope, repositories, identity, access, role)
    grantee = native(identity.parts, GcpIdentity)
    for label, path in existing.items():
        for name, member in grantee.grantees(f"{label}-{access}"):
            grantee.grants.append(grant_existing(scope, name, path, role, member))
    _grant_all(scope, {f"cache-{slug(name)}": cache for name, cache in caches.items()}, identity, "pull", READER)


def grant_models(
    scope: Scope, repositories: _Repositories, identity: Identity, access: Literal["read", "register"]
) -> None:
    """Let an identity read, or read and add, model versions."""
    _grant_all(scope, repositories, identity, access, _WRITER if access == "register" else READER)


def grant_repository(
    scope: Scope, name: str, repository: artifactregistry.Repository, role: str, member: pulumi.Input[str]
) -> artifactregistry.RepositoryIamMember:
    """Grant a role on one repository to one member."""
    target = scope.target(GcpTarget)
    return _grant(scope, name, (target.project, target.region, repository.name), role, member)


def grant_existing(
    scope: Scope, name: str, path: pulumi.Input[str], role: str, member: pulumi.Input[str]
) -> artifactregistry.RepositoryIamMember:
    """Grant a role on one existing repository, which may be of another project, to one member."""
    parts = pulumi.Output.from_input(path).apply(lambda known: known.split("/"))
    return _grant(scope, name, (parts[1], parts[3], parts[5]), role, member)


def _grant(
    scope: Scope, name: str, repository: tuple[pulumi.Input[str], ...], role: str, member: pulumi.Input[str]
) -> artifactregistry.RepositoryIamMember:
    project, location, known = repository
    return artifactregistry.RepositoryIamMember(
        scope.child(name),
        project=project,
        location=location,
        repository=known,
        role=role,
        member=member,
        opts=scope.opts(),
    )


def _grant_all(scope: Scope, repositories: _Repositories, identity: Identity, access: str, role: str) -> None:
    grantee = native(identity.parts, GcpIdentity)
    for label, repository in repositories.items():
        for name, member in grantee.grantees(f"{label}-{access}"):
            grantee.grants.append(grant_repository(scope, name, repository, role, member))
