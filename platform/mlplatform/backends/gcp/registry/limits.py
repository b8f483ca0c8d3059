"""Limits of the registries on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.limits import GRAFANA_CACHE
from mlplatform.components.adopted_problems import registry_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.image_sources import cache_limit, image_source_problems
from mlplatform.components.limits import refuse_nothing
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.registry import Upstream

_CACHED: tuple[Upstream, ...] = tuple(
    upstream for upstream in get_args(Upstream) if upstream not in ("gcr.io", "us-docker.pkg.dev")
)

LIMITS = (
    cache_limit(
        _CACHED,
        "gcr.io and pkg.dev are Artifact Registry itself: a remote repository takes a single repository of it, not the "
        "host, and nodes reach both by Private Google Access "
        "(https://docs.cloud.google.com/artifact-registry/docs/repositories/remote-overview)",
    ),
    Limit(
        field="registry.keep_images",
        support="partial",
        reason="Artifact Registry never removes an image that has an immutable tag",
        alternative="set registry.immutable_tags to false if old tagged images must be removed",
        violations=refuse_nothing,
    ),
)
"""Fields of the registries that GCP honours only in part."""

SERVERS_PREFIX = "servers-"
"""First part of the names of caches of registries that only model servers come from."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Image repositories that have the name of another repository of the platform."""
    yield from image_source_problems(spec, backend, own_network=target.network is None)
    caches = {f"cache-{slug(upstream)}": "registry.pull_through" for upstream in spec.registry.pull_through}
    if spec.monitoring.grafana:
        caches[GRAFANA_CACHE] = "monitoring.grafana"
    named = target.existing.registry if target.existing else None
    fields = [("registry.repositories", name) for name in spec.registry.repositories]
    # an existing repository has a name of its own, but grants are named by its name in the platform
    place = f"targets[{target.name}].existing.registry.repositories"
    fields += [(f"{place}.{name}", name) for name in (named.repositories if named else ())]
    for field, name in fields:
        if name in caches:
            yield backend.refuse(
                field,
                name,
                f"a name that {caches[name]} does not use for its cache",
                f"use {name}-images",
            )
    if named and all(name in named.repositories for name in spec.registry.repositories):
        yield from registry_problems(backend, spec)
    groups = {f"model-{group}": group for group in spec.registry.models}
    for index, name in enumerate(spec.registry.repositories):
        if name in groups:
            yield backend.refuse(
                f"registry.repositories[{index}]",
                name,
                f"a name that model group '{groups[name]}' does not use for its repository",
                f"use {groups[name]}-images",
            )
        elif name.startswith(SERVERS_PREFIX):
            yield backend.refuse(
                f"registry.repositories[{index}]",
                name,
                f"a name that does not start with '{SERVERS_PREFIX}': caches of model servers have such names",
                f"use {name.removeprefix(SERVERS_PREFIX)}-images",
            )
