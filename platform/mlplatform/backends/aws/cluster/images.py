"""Copies of public images in ECR, and its caches. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.addresses import registry_login
from mlplatform.backends.aws.naming import CACHE_PREFIX, repository_name
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.access_facts import ImageStore
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import COPIES


def build(spec: PlatformSpec) -> ImageStore:
    """ECR makes the repository of a copy at its first push, by the template of `registry`.

    The images of EKS' own add-ons are in registries of AWS that admit every account, but nobody without one,
    https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
    """
    target = target_of(spec, AwsTarget)
    host = f"{target.account_id}.dkr.ecr.{target.region}.{target.dns_suffix}"
    return ImageStore(
        registry=host,
        copies=f"{host}/{repository_name(spec, COPIES)}",
        caches={
            upstream: f"{host}/{physical_name(spec, upstream.replace('.', '-'), CACHE_PREFIX)}"
            for upstream in spec.registry.pull_through
        },
        login=(registry_login(host, target.region),),
        # a tag that is there cannot be pushed again
        copy='crane digest "$2" >/dev/null 2>&1 || crane copy "$1" "$2"',
        source_hosts=r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com",
        source_login=registry_login("{host}", target.region),
    )
