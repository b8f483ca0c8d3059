"""Image repositories: encrypted, scanned, with immutable tags and clean-up; caches of public registries."""

from __future__ import annotations

import pulumi
from pulumi_gcp import artifactregistry

from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import COMPUTE, slug
from mlplatform.backends.gcp.registry.cache_login import make_cache_login
from mlplatform.backends.gcp.registry.existing_repositories import (
    existing_address,
    existing_repositories,
    let_cloud_run_pull,
    repository_requirements,
)
from mlplatform.backends.gcp.registry.image_policy import declare_image_policy
from mlplatform.backends.gcp.registry.parts import GcpImages
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import COPIES, RegistrySpec, Upstream

_DAY = 86_400


def build(scope: Scope, spec: RegistrySpec, keys: Keys) -> GcpImages:
    """Build a repository per name that does not exist yet, and a cache per public registry."""
    target = scope.target(GcpTarget)
    gcp_keys = native(keys.parts, GcpKeys)
    after = [*gcp_keys.ready["registry"], *gcp_keys.foundation.after("artifactregistry")]
    if spec.scan_on_push is not False:
        # This service scans and bills every pushed image, so the registry enables it only if asked.
        after.append(
            enable_service(scope, "containerscanning", after=gcp_keys.foundation.after("cloudresourcemanager"))
        )
    existing = existing_repositories(scope)
    repositories = {
        name: _repository(scope, spec, name, gcp_keys, after) for name in spec.repositories if name not in existing
    }
    caches = {upstream: _cache(scope, upstream, gcp_keys, after) for upstream in spec.pull_through}
    host = f"{target.region}-docker.pkg.dev/{target.project}"
    addresses = {
        name: pulumi.Output.concat(f"{host}/", repository.repository_id) for name, repository in repositories.items()
    }
    addresses |= {name: existing_address(path) for name, path in existing.items()}
    if scope.spec.keeps_copies:
        # nobody else pushes there: it is no address of the platform's own images
        repositories[COPIES] = _repository(scope, spec, COPIES, gcp_keys, after)
    let_cloud_run_pull(scope, existing, gcp_keys)
    if repositories and spec.immutable_tags is not False:
        scope.note(
            "registry.keep_images",
            "Artifact Registry never removes an image that has an immutable tag: with immutable_tags it removes "
            "only untagged images",
        )
    declare_image_policy(
        scope, gcp_keys.foundation.after("binaryauthorization"), [addresses[name] for name in existing]
    )
    return GcpImages(
        addresses=addresses,
        requirements=repository_requirements(scope, existing),
        scope=scope,
        repositories=repositories,
        existing=existing,
        caches=caches,
        cache_addresses={upstream: f"{host}/{cache_name(scope, upstream)}" for upstream in caches},
    )


def cache_name(scope: Scope, upstream: str) -> str:
    """Physical name of a public registry's cache."""
    return physical_name(scope.spec, f"cache-{slug(upstream)}", COMPUTE)


def _repository(
    scope: Scope, spec: RegistrySpec, name: str, keys: GcpKeys, after: list[pulumi.Resource]
) -> artifactregistry.Repository:
    target = scope.target(GcpTarget)
    return artifactregistry.Repository(
        scope.child(name),
        project=target.project,
        location=target.region,
        repository_id=physical_name(scope.spec, name, COMPUTE),
        description=f"{platform_name(scope.spec, ' ')}: {name} images",
        format="DOCKER",
        mode="STANDARD_REPOSITORY",
        kms_key_name=keys.ids["registry"],
        docker_config=artifactregistry.RepositoryDockerConfigArgs(immutable_tags=spec.immutable_tags is not False),
        vulnerability_scanning_config=artifactregistry.RepositoryVulnerabilityScanningConfigArgs(
            enablement_config="DISABLED" if spec.scan_on_push is False else "INHERITED"
        ),
        cleanup_policies=_cleanup(spec),
        cleanup_policy_dry_run=False,
        labels=scope.tags,
        opts=scope.opts(depends_on=after, protect=scope.defaults.protected or None),
    )


def _cleanup(spec: RegistrySpec) -> list[artifactregistry.RepositoryCleanupPolicyArgs]:
    """Keeping wins over deleting: without the first policy, images in use would be deleted."""
    old = artifactregistry.RepositoryCleanupPolicyConditionArgs(tag_state="TAGGED", older_than=f"{_DAY}s")
    untagged = artifactregistry.RepositoryCleanupPolicyConditionArgs(
        tag_state="UNTAGGED", older_than=f"{spec.untagged_days * _DAY}s"
    )
    return [
        artifactregistry.RepositoryCleanupPolicyArgs(
            id="keep-newest",
            action="KEEP",
            most_recent_versions=artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(
                keep_count=spec.keep_images
            ),
        ),
        artifactregistry.RepositoryCleanupPolicyArgs(id="delete-older", action="DELETE", condition=old),
        artifactregistry.RepositoryCleanupPolicyArgs(id="delete-untagged", action="DELETE", condition=untagged),
    ]


def _cache(
    scope: Scope, upstream: Upstream, keys: GcpKeys, after: list[pulumi.Resource]
) -> artifactregistry.Repository:
    target = scope.target(GcpTarget)
    source = (
        artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(public_repository="DOCKER_HUB")
        if upstream == "docker.io"
        else artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(
            custom_repository=artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryCustomRepositoryArgs(
                uri=f"https://{upstream}"
            )
        )
    )
    login = make_cache_login(scope, upstream, keys) if upstream in scope.spec.registry.logins else None
    return artifactregistry.Repository(
        scope.child(f"cache-{slug(upstream)}"),
        project=target.project,
        location=target.region,
        repository_id=cache_name(scope, upstream),
        description=f"Cache of {upstream}",
        format="DOCKER",
        mode="REMOTE_REPOSITORY",
        kms_key_name=keys.ids["registry"],
        remote_repository_config=artifactregistry.RepositoryRemoteRepositoryConfigArgs(
            description=upstream, docker_repository=source, upstream_credentials=login[0] if login else None
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=[*after, *login[1:]] if login else after),
    )
