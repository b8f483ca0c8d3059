"""Copies of public images in Artifact Registry, and its caches. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.addresses import image_login
from mlplatform.backends.gcp.naming import COMPUTE, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.access_facts import ImageStore
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import COPIES


def build(spec: PlatformSpec) -> ImageStore:
    """One repository holds all copies."""
    target = target_of(spec, GcpTarget)
    server = f"{target.region}-docker.pkg.dev"
    host = f"{server}/{target.project}"
    return ImageStore(
        registry=host,
        copies=f"{host}/{physical_name(spec, COPIES, COMPUTE)}",
        caches={
            upstream: f"{host}/{physical_name(spec, f'cache-{slug(upstream)}', COMPUTE)}"
            for upstream in spec.registry.pull_through
        },
        login=(image_login(server),),
        # a tag that is there cannot be pushed again
        copy='crane digest "$2" >/dev/null 2>&1 || crane copy "$1" "$2"',
    )
