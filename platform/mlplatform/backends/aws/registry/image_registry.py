"""Image repositories: encrypted, scanned, with immutable tags, and caches of public registries."""

from __future__ import annotations

import pulumi
from pulumi_aws import ecr

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import repository_name
from mlplatform.backends.aws.registry.existing_repositories import (
    existing_address,
    existing_repositories,
    repository_requirements,
)
from mlplatform.backends.aws.registry.image_cache import cache_statements, make_caches
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec


def build(scope: Scope, spec: RegistrySpec, keys: Keys) -> AwsImages:
    """Create the repositories that do not exist yet, and the caches."""
    key = native(keys.parts, AwsKeys).ids["registry"]
    retention = _retention_policy(spec)
    existing = existing_repositories(scope)
    repositories = {
        name: _repository(scope, spec, name, key, retention) for name in spec.repositories if name not in existing
    }
    caches = make_caches(scope, spec, key, retention)
    return AwsImages(
        addresses={name: repository.repository_url for name, repository in repositories.items()}
        | {name: existing_address(scope, arn) for name, arn in existing.items()},
        requirements=repository_requirements(scope, existing),
        scope=scope,
        repositories=repositories,
        existing=existing,
        pulled=tuple(resource for cache in caches for resource in cache.ready),
        cache_prefixes={cache.upstream: cache.prefix for cache in caches},
        cache_statements=cache_statements(scope.target(AwsTarget), caches),
    )


def _repository(
    scope: Scope, spec: RegistrySpec, name: str, key: pulumi.Output[str], retention: pulumi.Input[str]
) -> ecr.Repository:
    repository = ecr.Repository(
        scope.child(name),
        # the platform's name as a path, so that rights and retention can cover all of them
        name=repository_name(scope.spec, name),
        image_tag_mutability="MUTABLE" if spec.immutable_tags is False else "IMMUTABLE",
        image_scanning_configuration=ecr.RepositoryImageScanningConfigurationArgs(
            scan_on_push=spec.scan_on_push is not False
        ),
        encryption_configurations=[ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key)],
        force_delete=not scope.defaults.protected,
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None, delete_before_replace=True),
    )
    ecr.LifecyclePolicy(
        scope.child(f"{name}-retention"), repository=repository.name, policy=retention, opts=scope.opts()
    )
    return repository


def _retention_policy(spec: RegistrySpec) -> pulumi.Input[str]:
    """A policy that removes untagged images after some days, and tagged ones beyond the newest."""
    expire = {"type": "expire"}
    untagged = {
        "rulePriority": 1,
        "description": f"untagged images after {spec.untagged_days} days",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": spec.untagged_days,
        },
        "action": expire,
    }
    tagged = {
        "rulePriority": 2,
        "description": f"all but the newest {spec.keep_images} tagged images",
        "selection": {
            "tagStatus": "tagged",
            "tagPatternList": ["*"],
            "countType": "imageCountMoreThan",
            "countNumber": spec.keep_images,
        },
        "action": expire,
    }
    return to_json({"rules": [untagged, tagged]})
