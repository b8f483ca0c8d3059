"""Caches that no pull can fill."""

from __future__ import annotations

from mlplatform import NetworkSpec, RegistrySpec
from mlplatform.backends.aws.backend import BACKEND

from ....planned import Refusals
from ..conftest import spec

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def test_a_first_pull_needs_a_way_to_the_internet() -> None:
    cached = RegistrySpec(pull_through=("docker.io", "quay.io"))
    refused("registry.pull_through", "first pull", registry=cached, network=NetworkSpec(nat="none"))
    assert "registry.pull_through" not in problems(registry=cached, network=NetworkSpec(nat="single"))
    assert "registry.pull_through" not in problems(registry=RegistrySpec(), network=NetworkSpec(nat="none"))
