"""What a valid spec says that its author may not mean."""

from __future__ import annotations

import pytest

from mlplatform import EndpointSpec, RegistrySpec, ShadowSpec
from mlplatform.components.remarks import spec_remarks

from .parts import spec as parts_spec


@pytest.mark.parametrize(
    ("environment", "profile", "says"),
    [
        ("dev", None, ""),
        ("prod", None, ""),
        ("production", None, "takes those of prod; `profile` takes others"),
        ("stage", None, "takes those of prod; `profile` takes others, for example those of staging"),
        ("development", None, "takes those of prod; `profile` takes others, for example those of dev"),
        ("qa", "staging", ""),
    ],
)
def test_an_environment_says_whose_defaults_it_takes(environment: str, profile: str | None, says: str) -> None:
    spec = parts_spec("aws").overlay(environment=environment, profile=profile)
    told = dict(spec_remarks(spec)).get("environment", "")
    assert told.endswith(says)
    assert bool(told) == bool(says)


def test_a_model_that_the_registry_lacks_is_told() -> None:
    endpoints = (
        EndpointSpec(name="a", model="fruad/7"),
        EndpointSpec(name="b", model="fraud", shadow=ShadowSpec(model="other/2")),
        EndpointSpec(name="c"),
    )
    spec = parts_spec("aws").overlay(registry=RegistrySpec(models=("fraud",)), endpoints=endpoints)
    assert list(spec_remarks(spec)) == [
        ("endpoints[a].model", "registry.models has no fruad: did you mean fraud?"),
        ("endpoints[b].shadow.model", "registry.models has no other: add other there if its versions are to be kept"),
    ]
    # who keeps no versions is told nothing
    assert not list(spec_remarks(spec.overlay(registry=RegistrySpec())))
