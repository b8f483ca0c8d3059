"""Model groups as generic Artifact Registry repositories.

Vertex AI's model registry cannot be declared. A group is a repository of generic artifacts: a model is a package in
it, and each version is immutable. What is released stands in the record of releases alone; who registers versions may
not annotate them. Files of versions that serve are in the store's `models` place.
https://docs.cloud.google.com/artifact-registry/docs/generic
"""

from __future__ import annotations

from pulumi_gcp import artifactregistry

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.registry.parts import GcpImages, GcpModels
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec


def build(scope: Scope, spec: RegistrySpec, _store: ArtifactStore, images: ImageRegistry, keys: Keys) -> GcpModels:
    """Build a repository per group. The first endpoint that needs them builds caches and workflow that all share."""
    gcp_keys = native(keys.parts, GcpKeys)
    repositories = {group: _group(scope, group, gcp_keys) for group in spec.models}
    return GcpModels(
        groups={group: repository.id for group, repository in repositories.items()},
        scope=scope,
        keys=gcp_keys,
        images=native(images.parts, GcpImages),
        repositories=repositories,
    )


def _group(scope: Scope, group: str, keys: GcpKeys) -> artifactregistry.Repository:
    target = scope.target(GcpTarget)
    return artifactregistry.Repository(
        scope.child(f"group-{group}"),
        project=target.project,
        location=target.region,
        repository_id=physical_name(scope.spec, f"model-{group}", COMPUTE),
        description=f"Versions of model {group}",
        format="GENERIC",
        mode="STANDARD_REPOSITORY",
        kms_key_name=keys.ids["registry"],
        labels=scope.tags,
        opts=scope.opts(
            depends_on=[*keys.ready["registry"], *keys.foundation.after("artifactregistry")],
            protect=scope.defaults.protected or None,
        ),
    )
