"""Caches that no pull can fill."""

from __future__ import annotations

from mlplatform import NetworkSpec, RegistrySpec
from mlplatform.backends.aws import BACKEND

from ....planned import Refusals
from ..conftest import spec

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def test_a_first_pull_needs_a_way_to_the_internet() -> None:
    cached = RegistrySpec(pull_through=("docker.io", "quay.io"))
    refused("registry.pull_through", "first pull", registry=cached, network=NetworkSpec(nat="none"))
    assert not [x for x in problems(registry=cached, network=NetworkSpec(nat="single")) if "registry" in x.path]
    assert not [x for x in problems(registry=RegistrySpec(), network=NetworkSpec(nat="none")) if "registry" in x.path]
