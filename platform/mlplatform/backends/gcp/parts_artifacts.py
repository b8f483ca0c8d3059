"""What GCP components hand to each other about the store and the registries. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts
from mlplatform.spec.artifact_store import Place

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry, storage


@dataclass(frozen=True, kw_only=True)
class GcpPlace:
    """The bucket of one place, made here or there before."""

    name: pulumi.Input[str]
    """Physical name, plain where it is known beforehand."""


@dataclass(frozen=True, kw_only=True)
class GcpBucket(GcpPlace):
    """A bucket made here."""

    bucket: storage.Bucket
    """The bucket."""

    name: str
    """Physical name, known beforehand."""


@dataclass(frozen=True, kw_only=True)
class GcpAccessLogs:
    """Where access to other buckets is recorded."""

    bucket: storage.Bucket
    """The bucket of records."""

    writer: storage.BucketIAMMember
    """The right to deliver them: a bucket whose access is recorded comes after it."""


@dataclass(frozen=True, kw_only=True)
class GcpStore(StoreParts):
    """Buckets by place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, GcpPlace]
    """Bucket by place."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places; Cloud Storage uses the key itself, so none is granted."""
        from mlplatform.backends.gcp.grants import grant_store

        grant_store(self, identity, access, places)


@dataclass(frozen=True, kw_only=True)
class GcpImages(ImageRegistryParts):
    """Image repositories and caches of public registries."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, artifactregistry.Repository]
    """Repository by its name in the spec."""

    caches: Mapping[str, artifactregistry.Repository]
    """Cache by public registry, for example `docker.io`."""

    cache_addresses: Mapping[str, str]
    """What stands for the public registry in an image's name, by public registry."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.gcp.grants import grant_images

        grant_images(self, identity, access)

    def through(self, image: str) -> str:
        """An image's name by way of the cache of its registry; unchanged where there is none."""
        registry, slash, rest = image.partition("/")
        if not slash or ("." not in registry and ":" not in registry):
            registry, rest = "docker.io", image if slash else f"library/{image}"
        cache = self.cache_addresses.get(registry)
        return f"{cache}/{rest}" if cache else image
