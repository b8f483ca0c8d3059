"""Grants on repositories of images and models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_gcp import artifactregistry, projects

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

if TYPE_CHECKING:
    from mlplatform.backends.gcp.registry.parts import GcpModels

READER = "roles/artifactregistry.reader"
"""Pull images, read model versions."""

_WRITER = "roles/artifactregistry.writer"

REGISTERS = (
    "artifactregistry.files.download",
    "artifactregistry.files.get",
    "artifactregistry.files.list",
    "artifactregistry.packages.get",
    "artifactregistry.packages.list",
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.repositories.get",
    "artifactregistry.repositories.uploadArtifacts",
    "artifactregistry.versions.get",
    "artifactregistry.versions.list",
)
"""Permissions of who registers versions. `artifactregistry.versions.update`, which changes a version's annotations, is
not among them: whoever registers a version does not approve it,
https://docs.cloud.google.com/artifact-registry/docs/audit-logging (2026-11)"""

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


def grant_models(models: GcpModels, identity: Identity, access: Literal["read", "register"]) -> None:
    """Let an identity read, or read and add, model versions."""
    role = READER
    if access == "register" and models.repositories:
        role = models.share(_RegisterRole, lambda: _make_register_role(models)).name
    _grant_all(models.scope, models.repositories, identity, access, role)


@record()
class _RegisterRole:
    """The role of who registers versions."""

    name: pulumi.Output[str]


def _make_register_role(models: GcpModels) -> _RegisterRole:
    """Google's own role of writers may change in what it has; this one cannot approve."""
    scope = models.scope
    role = projects.IAMCustomRole(
        scope.child("model-register"),
        project=scope.target(GcpTarget).project,
        # underscores are the only separator that a role's id may have
        role_id=f"{scope.spec.name}_{scope.spec.environment}_model_register".replace("-", "_"),
        title=f"{scope.spec.name} {scope.spec.environment}: registers models",
        description="Adds and reads versions of models; approves none",
        permissions=list(REGISTERS),
        stage="GA",
        opts=scope.opts(depends_on=models.keys.foundation.after("iam")),
    )
    return _RegisterRole(role.name)


def grant_repository(
    scope: Scope, name: str, repository: artifactregistry.Repository, role: pulumi.Input[str], member: pulumi.Input[str]
) -> artifactregistry.RepositoryIamMember:
    """Grant a role on one repository to one member."""
    target = scope.target(GcpTarget)
    return _grant(scope, name, (target.project, target.region, repository.name), role, member)


def grant_existing(
    scope: Scope, name: str, path: pulumi.Input[str], role: pulumi.Input[str], member: pulumi.Input[str]
) -> artifactregistry.RepositoryIamMember:
    """Grant a role on one existing repository, which may be of another project, to one member."""
    parts = pulumi.Output.from_input(path).apply(lambda known: known.split("/"))
    return _grant(scope, name, (parts[1], parts[3], parts[5]), role, member)


def _grant(
    scope: Scope,
    name: str,
    repository: tuple[pulumi.Input[str], ...],
    role: pulumi.Input[str],
    member: pulumi.Input[str],
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


def _grant_all(
    scope: Scope, repositories: _Repositories, identity: Identity, access: str, role: pulumi.Input[str]
) -> None:
    grantee = native(identity.parts, GcpIdentity)
    for label, repository in repositories.items():
        for name, member in grantee.grantees(f"{label}-{access}"):
            grantee.grants.append(grant_repository(scope, name, repository, role, member))
