"""Grants of the store's places and the registry's repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pulumi_gcp import artifactregistry, storage

from mlplatform.backends.gcp.artifact_store.parts import GcpBucket, GcpStore
from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.registry.parts import GcpImages
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artifact_store import StoreAccess
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.spec.artifact_store import Place

_OBJECTS: dict[StoreAccess, str] = {
    "read": "roles/storage.objectViewer",
    "write": "roles/storage.objectUser",
}
_IMAGES: dict[Literal["pull", "push"], str] = {
    "pull": "roles/artifactregistry.reader",
    "push": "roles/artifactregistry.writer",
}


def members(identity: GcpIdentity, role: str) -> Iterator[tuple[str, GcpMember]]:
    """Everyone a grant is made to, each with the last part of the grant's logical name."""
    for who in identity.members:
        yield "-".join(part for part in (identity.short, who.label, role) if part), who


def grant_store(store: GcpStore, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
    """Let an identity read, or read and write, the objects of places."""
    own = native(identity.parts, GcpIdentity)
    for place in places:
        held = store.buckets[place]
        for name, who in members(own, f"{place}-{access}"):
            own.grants.append(
                storage.BucketIAMMember(
                    store.scope.child(name),
                    bucket=held.bucket.name if isinstance(held, GcpBucket) else held.name,
                    role=_OBJECTS[access],
                    member=who.member,
                    opts=store.scope.opts(),
                )
            )


def grant_images(images: GcpImages, identity: Identity, access: Literal["pull", "push"]) -> None:
    """Let an identity pull, or pull and push, images; caches are only ever pulled from."""
    own = native(identity.parts, GcpIdentity)
    for repository_name, repository in images.repositories.items():
        for name, who in members(own, f"{repository_name}-{access}"):
            own.grants.append(repository_grant(images.scope, name, repository, _IMAGES[access], who))
    for registry, repository in images.caches.items():
        for name, who in members(own, f"cache-{slug(registry)}-pull"):
            own.grants.append(repository_grant(images.scope, name, repository, _IMAGES["pull"], who))


def repository_grant(
    scope: Scope, name: str, repository: artifactregistry.Repository, role: str, who: GcpMember
) -> artifactregistry.RepositoryIamMember:
    """A role on one repository for one member."""
    target = scope.target(GcpTarget)
    return artifactregistry.RepositoryIamMember(
        scope.child(name),
        project=target.project,
        location=target.region,
        repository=repository.name,
        role=role,
        member=who.member,
        opts=scope.opts(),
    )
