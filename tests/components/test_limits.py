"""The pieces that every cloud's limits and checks are made of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mlplatform import ArtifactStoreSpec, AwsTarget, EndpointSpec, GcpTarget, PlaceSpec, PlatformSpec, discovery
from mlplatform.components.backend import Backend
from mlplatform.components.limits import (
    check_target,
    endpoint_limit,
    per_endpoint,
    per_place,
    refuse_nothing,
    version_problems,
)
from mlplatform.spec.problem import Problem

from .parts import TARGETS, spec


def _with(**fields: object) -> PlatformSpec:
    return spec("aws").overlay(**fields)


def test_per_endpoint_names_every_endpoint_that_is_refused() -> None:
    platform = _with(
        endpoints=(
            EndpointSpec(name="one", timeout_seconds=30),
            EndpointSpec(name="two", timeout_seconds=90),
            EndpointSpec(name="three", timeout_seconds=120),
        )
    )
    find = per_endpoint("timeout_seconds", lambda e: e.timeout_seconds if e.timeout_seconds > 60 else None)
    assert list(find(platform)) == [("endpoints[1].timeout_seconds", "90"), ("endpoints[2].timeout_seconds", "120")]


def test_an_endpoint_limit_is_partial_and_below_endpoints() -> None:
    limit = endpoint_limit("port", "why", "what else", lambda e: e.port)
    assert (limit.field, limit.support, limit.reason, limit.alternative) == (
        "endpoints.port",
        "partial",
        "why",
        "what else",
    )
    assert [path for path, _ in limit.violations(_with(endpoints=(EndpointSpec(name="one"),)))] == ["endpoints[0].port"]


def test_per_place_looks_at_the_resolved_place() -> None:
    platform = _with(artifact_store=ArtifactStoreSpec(data=PlaceSpec(legal_hold=True)))
    assert list(per_place("data", "legal_hold", lambda p: p.legal_hold)(platform)) == [
        ("artifact_store.data.legal_hold", "True")
    ]
    assert list(per_place("models", "legal_hold", lambda p: p.legal_hold)(platform)) == []


def test_a_limit_may_refuse_nothing() -> None:
    assert list(refuse_nothing(spec("aws"))) == []


def test_places_without_versions_are_refused_with_the_reason() -> None:
    backend = discovery.backend("aws")
    platform = _with(artifact_store=ArtifactStoreSpec(data=PlaceSpec(versioned=False)))
    (problem,) = version_problems(backend, platform, lambda _: "it is wanted")
    assert problem == Problem(
        path="artifact_store.data.versioned",
        got="False",
        expected="true: it is wanted",
        fix="set artifact_store.data.versioned to true",
        cloud="aws",
    )
    assert not list(version_problems(backend, platform, lambda _: None))


def _first(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    yield backend.refuse("first", target.region, "expected", "fix")


def _second(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    yield backend.refuse("second", spec.name, "expected", "fix")


def test_checks_run_in_order_and_only_in_known_regions() -> None:
    backend = discovery.backend("aws")
    assert [p.path for p in check_target(spec("aws"), backend, AwsTarget, (_second,), anywhere=(_first,))] == [
        "first",
        "second",
    ]
    elsewhere = spec("aws").overlay(targets=(TARGETS["aws"].overlay(region="us-nowhere-1", zones=()),))
    found = [p.path for p in check_target(elsewhere, backend, AwsTarget, (_second,), anywhere=(_first,))]
    assert found == ["targets[aws].region", "first"]


def test_another_clouds_target_is_an_error() -> None:
    with pytest.raises(TypeError, match="expected GcpTarget, got AwsTarget"):
        list(check_target(spec("aws"), discovery.backend("gcp"), GcpTarget, ()))
