"""What no cloud has is refused by all of them at the same path and in the same words, with their own name."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform import EndpointSpec, GpuPoolSpec, PlatformSpec, Reservation, ReservationBinding, TrainingSpec, discovery
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import SystemPoolSpec

from ..conftest import CLOUDS
from ..planned import least_platform

ACCOUNTS: dict[str, dict[str, Any]] = {
    "aws": {"account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"project": "acme-ml-prod", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "subscription_id": "00000000-1111-2222-3333-444444444444",
        "tenant_id": "55555555-6666-7777-8888-999999999999",
        "location": "eastus2",
    },
}
WRONG = {"aws": "us-east-9", "gcp": "us-centra1", "azure": "eastus9"}
GPU = {"name": "first", "accelerator": "T4:1", "max_nodes": 1}


def _spec(cloud: str, target: dict[str, Any], **changes: object) -> PlatformSpec:
    made = discovery.backend(cloud).target_type.model_validate({"cloud": cloud, **ACCOUNTS[cloud], **target})
    return least_platform(made, **changes)


def _problems(cloud: str, target: dict[str, Any] | None = None, **changes: object) -> list[Problem]:
    return list(discovery.backend(cloud).problems(_spec(cloud, target or {}, **changes).on(cloud)))


def _at(found: list[Problem], path: str) -> Problem:
    (problem,) = [problem for problem in found if problem.path == path]
    return problem


def _pools(**second: object) -> TrainingSpec:
    return TrainingSpec(
        pools=(GpuPoolSpec.model_validate(GPU), GpuPoolSpec.model_validate({**GPU, "name": "second", **second}))
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_regions(cloud: str) -> None:
    backend = discovery.backend(cloud)
    field = "location" if "location" in ACCOUNTS[cloud] else "region"
    right, wrong = ACCOUNTS[cloud][field], WRONG[cloud]
    for name, target in ((field, {field: wrong}), ("replica_region", {"replica_region": wrong})):
        problem = _at(_problems(cloud, target), f"targets[{cloud}].{name}")
        assert problem.expected == f"a region of {backend.title}"
        assert right in problem.fix or backend.catalog.near_regions(wrong)[0] in problem.fix
    unlike = _at(_problems(cloud, {"replica_region": "zz"}), f"targets[{cloud}].replica_region")
    assert unlike.fix == f"write for example {backend.catalog.price_region}"
    second = _at(
        _problems(cloud, artifact_store=ArtifactStoreSpec(replicated=True)), f"targets[{cloud}].replica_region"
    )
    assert second.expected == "a second region, because artifact_store.replicated is true"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_machines_that_nobody_offers(cloud: str) -> None:
    found = _problems(
        cloud,
        training=_pools(accelerator="H100:3").overlay(system_pool=SystemPoolSpec(vcpus=64, memory_gib=512)),
        endpoints=(EndpointSpec(name="a", accelerator="MI300X:1"),),
    )
    pool = _at(found, "training.pools[1].accelerator")
    assert pool.got == "'H100:3'"
    assert pool.fix.startswith("use H100:")
    assert "nearest" not in pool.expected, "the fix says it once"
    assert _at(found, "training.system_pool").fix == "ask for less"
    assert _at(found, "endpoints[0].accelerator").got == "'MI300X:1'"
    assert not [problem for problem in found if "pools[0]" in problem.path]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_has_no_nearest_is_to_be_overridden(cloud: str) -> None:
    title = discovery.backend(cloud).title
    found = _problems(
        cloud,
        training=_pools(accelerator="T4:1", sharing={"kind": "mig", "profile": "7g.999gb"}),
        endpoints=(EndpointSpec(name="a", accelerator="L4:1", cpu={"vcpus": 64, "memory_gib": 512}),),
    )
    fix = _at(found, "training.pools[1].accelerator").worded("python").fix
    assert f'override the pool in {title}\'s target: pools={{"second"' in fix
    fix = _at(found, "endpoints[0].accelerator").fix
    assert fix.startswith("use ") or f"override the endpoint in {title}'s target" in fix


@pytest.mark.parametrize("cloud", CLOUDS)
def test_zones_and_reservations(cloud: str) -> None:
    backend = discovery.backend(cloud)
    assert (
        "positions from 1 to" in _at(_problems(cloud, training=_pools(zones=(3,))), "training.pools[1].zones").expected
    )
    reserved = _pools(accelerator="A100-80GB:1", capacity=Reservation(name="held", count=1))
    unbound = _at(_problems(cloud, training=reserved), "training.pools[1].capacity.name")
    assert f"in {backend.title}'s target" in unbound.fix
    assert 'reservations={"held": ReservationBinding(' in unbound.worded("python").fix
    bound = {"reservations": {"held": ReservationBinding(id="?!!", zone="nowhere")}}
    found = _problems(cloud, bound, training=reserved)
    assert _at(found, f"targets[{cloud}].reservations.held.id").fix.startswith("write it as ")
    assert "nowhere" in _at(found, f"targets[{cloud}].reservations.held.zone").fix
    first = backend.catalog.regions[backend.catalog.price_region].zones[0]
    twice = _problems(cloud, {"zones": (first, first)})
    assert "each zone once" in [problem.expected for problem in twice]
