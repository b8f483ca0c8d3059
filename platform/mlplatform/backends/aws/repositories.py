"""Addresses of the platform's image repositories, its own and existing ones. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.naming import CACHE_PREFIX, repository_name
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import Upstream


def repository_addresses(spec: PlatformSpec) -> dict[str, str]:
    """Address by repository, of those that the spec creates and those that its target names."""
    target = target_of(spec, AwsTarget)
    named = target.existing.registry if target.existing else None
    host = f"{target.account_id}.dkr.ecr.{target.region}.{target.dns_suffix}"
    own = {name: f"{host}/{repository_name(spec, name)}" for name in spec.registry.repositories}
    existing = named.repositories if named else {}
    return own | {name: address_of(arn, target.dns_suffix) for name, arn in existing.items()}


def cache_prefix(spec: PlatformSpec, upstream: Upstream) -> str:
    """Prefix of the repositories that the cache of a public registry fills."""
    return physical_name(spec, upstream.replace(".", "-"), CACHE_PREFIX)


def pulled_repositories(spec: PlatformSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the platform's identities may pull: addresses of repositories, and beginnings of those that caches fill."""
    target = target_of(spec, AwsTarget)
    host = f"{target.account_id}.dkr.ecr.{target.region}.{target.dns_suffix}"
    caches = tuple(f"{host}/{cache_prefix(spec, upstream)}/" for upstream in spec.registry.pull_through)
    return tuple(repository_addresses(spec).values()), caches


def address_of(arn: str, dns_suffix: str) -> str:
    """Address of a repository: `arn:aws:ecr:us-east-1:123456789012:repository/base` is
    `123456789012.dkr.ecr.us-east-1.amazonaws.com/base`.

    Args:
        arn: its ARN.
        dns_suffix: domain of the partition's services.
    """
    _, _, _, region, account, path = arn.split(":", 5)
    return f"{account}.dkr.ecr.{region}.{dns_suffix}/{path.removeprefix('repository/')}"
