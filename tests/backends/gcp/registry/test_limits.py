"""Repositories that GCP refuses."""

from __future__ import annotations

from mlplatform import RegistrySpec

from ..conftest import refused


def test_repositories_named_like_a_cache_are_refused() -> None:
    cache = RegistrySpec(repositories=("cache-docker-io",), pull_through=("docker.io",))
    refused("registry.repositories", "cache-docker-io-images", registry=cache)


def test_repositories_named_like_the_platforms_own_are_refused() -> None:
    clash = RegistrySpec(repositories=("model-fraud", "servers-x"), models=("fraud",))
    refused("registry.repositories[0]", "'fraud'", registry=clash)
    refused("registry.repositories[1]", "caches", registry=clash)
