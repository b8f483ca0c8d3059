"""What is in a list does not concern its neighbours: order means nothing, and adding, removing and renaming touch
what they must and nothing else, for every list of the spec on every cloud."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from mlplatform.plan.change import Diff, ResourceChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan
from mlplatform.plan.stateful import is_stateful
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from ..planned import record_released, recycled
from .siblings import LEFT_OUT, ZONES, Mode, lists, platform, values

ROLLS = {
    "aws": {"EndpointConfiguration", "Model"},
    "gcp": set[str](),
    "azure": {"AutoscaleSetting"},
}
"""What an endpoint whose variants or variables change makes anew: nothing of it can be changed, and the new one is
made and takes the traffic before the old one goes."""

NODES = {
    "aws": {"Tag", "NodeGroup", "Scraper", *ROLLS["aws"]},
    "gcp": set[str](),
    "azure": {"AgentPool"},
}
"""What lies in zones and cannot be moved to others; the new one is made before the old one goes."""


@cache
def _plan(cloud: str, mode: Mode) -> Plan:
    return record_released(platform(cloud, mode), cloud)


def _diff(cloud: str, before: Mode, after: Mode) -> Diff:
    return diff(_plan(cloud, before), _plan(cloud, after))


def _kind(change: ResourceChange) -> str:
    return change.step.type.rpartition(":")[2]


def _told(changes: Iterator[ResourceChange]) -> list[str]:
    return [
        f"{change.kind} {change.step.name} ({_kind(change)}): {', '.join(p.text for p in change.properties)[:200]}"
        for change in changes
    ]


@pytest.mark.parametrize("mode", ["reorder", "add", "rename"])
def test_every_list_of_the_spec_is_changed_here(mode: Mode) -> None:
    """A new list comes into `siblings.platform`, or into `LEFT_OUT` with the reason."""
    every = set(lists())
    assert set(LEFT_OUT) <= every, "left out, and no more in the spec"
    before, after = platform("aws", "base"), platform("aws", "tags" if mode == "tags" else mode)
    same = {path for path in every - set(LEFT_OUT) if values(before, path) == values(after, path)}
    assert same == ({"tags"} if mode != "reorder" else set()), "the test of tags is below"


def test_what_is_left_out_by_meaning_is_what_the_models_say() -> None:
    from mlplatform.spec.endpoints import EndpointSpec
    from mlplatform.spec.target import Target
    from mlplatform.spec.training import GpuPoolSpec

    said = {f"training.pools.{name}" for name in GpuPoolSpec.by_meaning}
    said |= {f"endpoints.{name}" for name in EndpointSpec.by_meaning}
    said |= {f"targets.{name}" for name in Target.by_meaning}
    assert said <= set(LEFT_OUT)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_another_order_changes_nothing(cloud: str) -> None:
    assert _told(iter(_diff(cloud, "base", "reorder").changes)) == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_adding_makes_and_updates_and_leaves_siblings_alone(cloud: str) -> None:
    changes = _diff(cloud, "base", "add").changes
    # the route has a severity less
    gone = (c for c in changes if c.kind == "delete" and not _is_model(c))
    assert _told(c for c in gone if not c.step.name.endswith("-hook-warning")) == []
    _only_its_own_is_replaced(changes, cloud)
    _siblings_are_left_alone(changes, cloud)
    made = " ".join(c.step.name for c in changes if c.kind == "create")
    for item in ("pool-added", "endpoint-added", "more"):
        assert item in made


@pytest.mark.parametrize("cloud", CLOUDS)
def test_removing_takes_away_its_own_alone(cloud: str) -> None:
    changes = _diff(cloud, "add", "base").changes
    back = (c for c in changes if c.kind == "create" and not _is_model(c))
    assert _told(c for c in back if not c.step.name.endswith("-hook-warning")) == []
    own = (
        "added",
        "more",
        "auditor",
        "ghcr",
        "c-acme-example",
        "z-acme-example",
        "secret-c",
        "percent-90",
        "group3",
        "eeee3",
        "eeeec",
        "10-3-0-0-16",
        "-models",
    )
    gone = [c for c in changes if c.kind == "delete" and not _is_model(c)]
    assert gone
    assert _told(c for c in gone if not any(part in c.step.name.lower() for part in own)) == []
    _only_its_own_is_replaced(changes, cloud)
    _siblings_are_left_alone(changes, cloud)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_rename_makes_the_new_and_takes_away_the_old(cloud: str) -> None:
    changes = _diff(cloud, "base", "rename").changes
    gone = {c.component.removeprefix("acme-") for c in changes if c.kind == "delete"}
    made = {c.component.removeprefix("acme-") for c in changes if c.kind == "create"}
    assert {"pool-omega", "pool-cpuomega", "endpoint-omega"} <= gone
    assert {"pool-renamed", "pool-cpurenamed", "endpoint-renamed"} <= made
    _only_its_own_is_replaced(changes, cloud)
    _siblings_are_left_alone(changes, cloud)
    # the old one is deleted at the end of an update, after everything new is made: nothing new may need its name
    names = {step.name for step in _plan(cloud, "rename").resources() if step.delete_before_replace}
    assert not names & {c.step.name for c in changes if c.kind == "replace"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_tag_more_replaces_nothing_that_cannot_be_made_again(cloud: str) -> None:
    changes = _diff(cloud, "base", "tags").changes
    assert [c for c in changes if c.kind == "update"]
    # nodes of EKS get a tag by way of their group, each tag as a resource
    tags = [c for c in changes if c.kind == "create" and c.step.type == "aws:autoscaling/tag:Tag"]
    assert bool(tags) == (cloud == "aws")
    assert _told(c for c in changes if c.kind in ("create", "delete") and c not in tags) == []
    assert _told(c for c in changes if c.kind == "replace") == []
    # a launch template has other tags, and its group runs on with the former version
    updated = (c for c in changes if c.kind == "update" and not c.step.type.endswith(":LaunchTemplate"))
    assert {c.step.name: words for c in updated if (words := recycled(cloud, c))} == {}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_zone_more_moves_only_what_lies_in_zones(cloud: str) -> None:
    changes = diff(_plan(cloud, "base"), record_released(_with_zones(cloud), cloud)).changes
    assert changes
    assert _told(c for c in changes if c.kind == "delete" and not _is_model(c)) == []
    replaced = [c for c in changes if c.kind == "replace"]
    assert _told(c for c in replaced if _kind(c) not in NODES[cloud]) == []
    assert _told(c for c in replaced if is_stateful(c.step.type)) == []
    # a cluster has one scraper of its kind: metrics are missing for some minutes
    assert _told(c for c in replaced if c.step.delete_before_replace and _kind(c) != "Scraper") == []


def _is_model(change: ResourceChange) -> bool:
    """Whether it is a SageMaker model: one of other content is another resource."""
    return change.step.type == "aws:sagemaker/model:Model"


def _with_zones(cloud: str) -> PlatformSpec:
    """Development's two zones, and a third."""
    spec = platform(cloud, "base")
    return spec.overlay(targets=(spec.targets[0].overlay(zones=ZONES[cloud]),), network={"zones": 3})


def _only_its_own_is_replaced(changes: tuple[ResourceChange, ...], cloud: str) -> None:
    replaced = [change for change in changes if change.kind == "replace"]
    rolled = [
        c
        for c in replaced
        if (c.component == "acme-endpoint-alpha" and _kind(c) in ROLLS[cloud])
        # Kueue lets a flavor's taints stay as they are
        or c.step.name == "acme-layer-flavor-alpha"
    ]
    assert _told(c for c in replaced if c not in rolled) == []
    assert _told(c for c in rolled if c.step.delete_before_replace) == []


def _siblings_are_left_alone(changes: tuple[ResourceChange, ...], cloud: str) -> None:
    touched = [c for c in changes if c.component in ("acme-pool-beta", "acme-pool-cpubeta", "acme-endpoint-beta")]
    # a route or person more is told to every alert and may call every endpoint
    shared = ("invoke", "alert", "alarm")
    assert _told(c for c in touched if not any(part in c.step.name for part in shared)) == []
    assert _told(c for c in touched if c.kind == "replace") == []
    del cloud
