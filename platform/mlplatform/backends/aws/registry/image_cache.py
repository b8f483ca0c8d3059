"""Pull-through caches of public registries.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ecr, iam, secretsmanager

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust, to_json
from mlplatform.backends.aws.naming import ROLE, repository_name
from mlplatform.backends.aws.registry.limits import CACHED
from mlplatform.backends.aws.repositories import cache_prefix
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import COPIES, RegistrySpec, Upstream, login_keys, needs_login


@dataclass(frozen=True, slots=True)
class ImageCache:
    """The cache of one public registry."""

    upstream: Upstream
    """The public registry."""

    prefix: str
    """Prefix of the repositories that it fills."""

    ready: tuple[pulumi.Resource, ...]
    """The first pull comes after these, or the repository lacks its key and retention."""


@dataclass(frozen=True, slots=True)
class _Login:
    secret_arn: pulumi.Output[str]
    value: secretsmanager.SecretVersion


def make_caches(
    scope: Scope, spec: RegistrySpec, key: pulumi.Output[str], retention: pulumi.Input[str]
) -> tuple[ImageCache, ...]:
    """Create the caches, and the settings of the repositories that they fill."""
    prefixes = [cache_prefix(scope.spec, upstream) for upstream in spec.pull_through]
    copies = repository_name(scope.spec, COPIES) if scope.spec.keeps_copies else None
    if not prefixes and not copies:
        return ()
    role, rights = _creation_role(scope, [*prefixes, *([copies] if copies else [])], key)
    if copies:
        _copies(scope, copies, key, retention, role, rights)
    return tuple(_cache(scope, upstream, key, retention, role, rights) for upstream in spec.pull_through)


def cache_statements(target: AwsTarget, caches: Sequence[ImageCache]) -> tuple[IamStatement, ...]:
    """Rights to fill the caches and pull from them."""
    if not caches:
        return ()
    arns = [target.arn("ecr", f"repository/{cache.prefix}/*") for cache in caches]
    actions = (
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:GetDownloadUrlForLayer",
    )
    return (IamStatement(sid="Cache", actions=actions, resources=arns),)


def _cache(
    scope: Scope,
    upstream: Upstream,
    key: pulumi.Output[str],
    retention: pulumi.Input[str],
    role: iam.Role,
    rights: iam.RolePolicy,
) -> ImageCache:
    slug = upstream.replace(".", "-")
    prefix = cache_prefix(scope.spec, upstream)
    template = ecr.RepositoryCreationTemplate(
        scope.child(f"cache-{slug}-template"),
        prefix=prefix,
        description=f"Cache of {upstream}",
        applied_fors=["PULL_THROUGH_CACHE"],
        # upstream tags move: an immutable copy would never be updated
        image_tag_mutability="MUTABLE",
        encryption_configurations=[
            ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key)
        ],
        lifecycle_policy=retention,
        custom_role_arn=role.arn,
        resource_tags=scope.tags,
        opts=scope.opts(depends_on=[rights], delete_before_replace=True),
    )
    login = _login(scope, upstream, slug)
    rule = ecr.PullThroughCacheRule(
        scope.child(f"cache-{slug}"),
        ecr_repository_prefix=prefix,
        upstream_registry_url=CACHED[upstream],
        credential_arn=login.secret_arn if login else None,
        # the rule is refused while the secret is empty
        opts=scope.opts(depends_on=[template, *([login.value] if login else [])], delete_before_replace=True),
    )
    return ImageCache(upstream, prefix, (rule, template))


def _login(scope: Scope, upstream: Upstream, slug: str) -> _Login | None:
    if not needs_login(upstream):
        return None
    user, token = login_keys(upstream)
    if upstream not in scope.spec.registry.logins:
        scope.note(
            "registry.pull_through",
            f"ECR caches {upstream} only with a login, also for public images: before `up`, set the secrets "
            f"mlplatform:{user} and mlplatform:{token} (pulumi config set --secret)",
        )
    secret = secretsmanager.Secret(
        scope.child(f"cache-{slug}-login"),
        # ECR reads only secrets below this path, and only with the account's own Secrets Manager key
        name=f"ecr-pullthroughcache/{platform_name(scope.spec)}-{slug}",
        description=f"Login of the cache of {upstream}",
        # a copy of what the stack's configuration keeps: its name must be free again when the cache comes back
        recovery_window_in_days=0,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    value = to_json({"username": scope.secret(user), "accessToken": scope.secret(token)})
    version = secretsmanager.SecretVersion(
        scope.child(f"cache-{slug}-login-value"),
        secret_id=secret.id,
        secret_string=pulumi.Output.secret(value),
        opts=scope.opts(),
    )
    return _Login(secret.arn, version)


def _copies(
    scope: Scope,
    prefix: str,
    key: pulumi.Output[str],
    retention: pulumi.Input[str],
    role: iam.Role,
    rights: iam.RolePolicy,
) -> None:
    """Settings of the repositories that ECR makes when a copy is pushed,
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html"""
    ecr.RepositoryCreationTemplate(
        scope.child("copies-template"),
        prefix=prefix,
        description="Copies of the public images that the cluster pulls",
        applied_fors=["CREATE_ON_PUSH"],
        image_tag_mutability="MUTABLE" if scope.spec.registry.immutable_tags is False else "IMMUTABLE",
        encryption_configurations=[
            ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key)
        ],
        lifecycle_policy=retention,
        custom_role_arn=role.arn,
        resource_tags=scope.tags,
        opts=scope.opts(depends_on=[rights], delete_before_replace=True),
    )


def _creation_role(scope: Scope, prefixes: Sequence[str], key: pulumi.Output[str]) -> tuple[iam.Role, iam.RolePolicy]:
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("cache-role"),
        name=physical_name(scope.spec, "image-cache", ROLE),
        description="ECR makes cached repositories with the platform's key and tags",
        assume_role_policy=service_trust("ecr.amazonaws.com"),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = iam.RolePolicy(
        scope.child("cache-rights"),
        name="make-repositories",
        role=role.name,
        policy=policy_document(
            IamStatement(
                sid="Repositories",
                actions=("ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"),
                resources=[target.arn("ecr", f"repository/{prefix}/*") for prefix in prefixes],
            ),
            IamStatement(
                sid="Key",
                actions=("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"),
                resources=key,
                conditions={"StringEquals": {"kms:ViaService": f"ecr.{target.region}.{target.dns_suffix}"}},
            ),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    return role, rights
