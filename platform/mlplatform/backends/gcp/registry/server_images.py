"""Caches of the public registries that model servers come from.

Cloud Run itself pulls from Google's registries and Docker Hub only, and a pull at night should hang on neither.
https://docs.cloud.google.com/run/docs/deploying#images
"""

from __future__ import annotations

from pulumi_gcp import artifactregistry

from mlplatform.backends.gcp.identity.grants import repository_grant
from mlplatform.backends.gcp.identity.parts import GcpMember
from mlplatform.backends.gcp.naming import COMPUTE, physical, slug
from mlplatform.backends.gcp.registry.parts import GcpModels, GcpPulled, split_registry
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.platform import PlatformSpec

_GOOGLE = ("pkg.dev", "gcr.io")


def pulled(models: GcpModels, image: str) -> GcpPulled:
    """An image by way of the cache of its registry, which is made on first use."""
    registry, rest = split_registry(image)
    if registry.endswith(_GOOGLE):
        return GcpPulled(address=image)
    if registry not in models.upstreams:
        models.upstreams[registry] = _upstream(models, registry)
    upstream = models.upstreams[registry]
    return GcpPulled(address=f"{upstream.address}/{rest}", ready=upstream.ready)


def cache_name(spec: PlatformSpec, registry: str) -> str:
    """Physical name of the cache of a registry that only servers come from."""
    return physical(spec, f"servers-{slug(registry)}", COMPUTE)


def _upstream(models: GcpModels, registry: str) -> GcpPulled:
    """The platform's own cache of a registry where it has one, and Cloud Run's right to pull from it."""
    scope, target = models.scope, models.scope.target(GcpTarget)
    known = models.images.caches.get(registry)
    cache = known or _cache(models, registry)
    run = GcpMember(member=models.keys.foundation.agents["run"], label="")
    role = f"run-{slug(registry)}-pull"
    grant = repository_grant(scope, role, cache, "roles/artifactregistry.reader", run)
    host = f"{target.region}-docker.pkg.dev/{target.project}"
    address = models.images.cache_addresses[registry] if known else f"{host}/{cache_name(scope.spec, registry)}"
    return GcpPulled(address=address, ready=(cache, grant))


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
        scope.child(f"servers-{slug(registry)}"),
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
