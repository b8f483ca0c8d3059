"""Caches of the public registries that model servers come from.

Cloud Run itself pulls only from Google's registries and Docker Hub; with a cache, no pull needs a public registry.
https://docs.cloud.google.com/run/docs/deploying#images
"""

from __future__ import annotations

from pulumi_gcp import artifactregistry

from mlplatform.backends.gcp.naming import COMPUTE, slug
from mlplatform.backends.gcp.registry.grants import READER, grant_repository
from mlplatform.backends.gcp.registry.limits import SERVERS_PREFIX
from mlplatform.backends.gcp.registry.parts import GcpModels, PullableImage, split_registry
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.spec.platform import PlatformSpec

_GOOGLE = ("pkg.dev", "gcr.io")


def pull_through_cache(models: GcpModels, image: str) -> PullableImage:
    """The image's address in the cache of its registry; the first use of a registry builds its cache."""
    registry, rest = split_registry(image)
    if registry.endswith(_GOOGLE):
        return PullableImage(address=image)
    if registry not in models.upstreams:
        models.upstreams[registry] = _upstream(models, registry)
    upstream = models.upstreams[registry]
    return PullableImage(address=f"{upstream.address}/{rest}", ready=upstream.ready)


def cache_name(spec: PlatformSpec, registry: str) -> str:
    """Physical name of the cache of a registry that only model servers come from."""
    return physical_name(spec, f"{SERVERS_PREFIX}{slug(registry)}", COMPUTE)


def _upstream(models: GcpModels, registry: str) -> PullableImage:
    """The cache of a registry, the platform's own if it has one, with Cloud Run's right to pull from it."""
    scope, target = models.scope, models.scope.target(GcpTarget)
    existing = models.images.caches.get(registry)
    cache = existing or _cache(models, registry)
    run = models.keys.foundation.agents["run"]
    grant = grant_repository(scope, f"run-{slug(registry)}-pull", cache, READER, run)
    host = f"{target.region}-docker.pkg.dev/{target.project}"
    address = models.images.cache_addresses[registry] if existing else f"{host}/{cache_name(scope.spec, registry)}"
    return PullableImage(address=address, ready=(cache, grant))


def _cache(models: GcpModels, registry: str) -> artifactregistry.Repository:
    scope, target, keys = models.scope, models.scope.target(GcpTarget), models.keys
    source = (
        artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(public_repository="DOCKER_HUB")
        if registry == "docker.io"
        else artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(
            custom_repository=artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryCustomRepositoryArgs(
                uri=f"https://{registry}"
            )
        )
    )
    return artifactregistry.Repository(
        scope.child(f"{SERVERS_PREFIX}{slug(registry)}"),
        project=target.project,
        location=target.region,
        repository_id=cache_name(scope.spec, registry),
        description=f"Cache of {registry} for model servers",
        format="DOCKER",
        mode="REMOTE_REPOSITORY",
        kms_key_name=keys.ids["registry"],
        remote_repository_config=artifactregistry.RepositoryRemoteRepositoryConfigArgs(
            description=registry, docker_repository=source
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=[*keys.ready["registry"], *keys.foundation.after("artifactregistry")]),
    )
