"""Typical changes of a spec, in turns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import get_args

import pytest

from mlplatform import discovery
from mlplatform.plan.model import Plan
from mlplatform.rehearse.changes import TYPICAL, SkippedChange, change_turns
from mlplatform.rehearse.releasing import program_images
from mlplatform.spec.cluster import AddOn
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import RegistrySpec

from ..conftest import CLOUDS

StackSpec = Callable[[str], PlatformSpec]


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
@pytest.mark.parametrize("name", TYPICAL)
def test_typical_changes_change_something_that_the_cloud_accepts(name: str, cloud: str, stack_spec: StackSpec) -> None:
    spec = stack_spec("prod")
    turns = change_turns(spec, name, cloud)
    assert isinstance(turns, tuple)
    before = spec
    for turn in turns:
        assert turn.spec != before
        before = turn.spec


def test_a_change_without_a_subject_is_skipped(stack_spec: StackSpec) -> None:
    bare = stack_spec("dev").overlay(training=None, cluster=None, endpoints=(), registry=RegistrySpec())
    made = {name for name in TYPICAL if not isinstance(change_turns(bare, name, "aws"), SkippedChange)}
    assert made == {"tag", "autoscaled", "features"}


def test_a_rollback_returns_to_the_former_spec(stack_spec: StackSpec) -> None:
    spec = stack_spec("dev")
    for name, ends in (("rollback", "rolled out"), ("alarm", "taken back")):
        turns = change_turns(spec, name, "aws")
        assert isinstance(turns, tuple)
        there, back = turns
        # the version after the next is taken: the shadow runs the next one
        assert [turn.spec.endpoints[0].model for turn in turns] == ["fraud/9", "fraud/7"]
        assert back.spec == spec
        assert (there.after, back.after) == (ends, "rolled out")


def test_traffic_moves_to_another_variant(stack_spec: StackSpec) -> None:
    turns = change_turns(stack_spec("dev"), "variant", "aws")
    assert isinstance(turns, tuple)
    shares = [{one.name: one.traffic_percent for one in turn.spec.endpoints[0].variants} for turn in turns]
    assert shares == [{"main": 90, "rehearsal": 10}, {"rehearsal": 100}]


def test_the_last_of_all_addons_goes_and_comes_back(stack_spec: StackSpec) -> None:
    some = stack_spec("prod")
    assert some.cluster is not None
    # both are the table's rule: whether a target can have all of them is not asked here
    every = some.model_copy(update={"cluster": some.cluster.model_copy(update={"addons": get_args(AddOn)})})
    # of these two, External Secrets has vaults on Azure, which a protected platform does not let go
    held = ["no protection", "it goes", "protected again"]
    for spec, titles in ((some, ["it comes", *held]), (every, [*held, "it comes back"])):
        turns = change_turns(spec, "addon", "aws")
        assert isinstance(turns, tuple)
        assert [turn.title for turn in turns] == titles
        assert turns[-1].spec == spec


def test_a_team_with_a_vault_goes_after_the_protection(stack_spec: StackSpec) -> None:
    plain = stack_spec("prod")
    assert plain.cluster is not None
    vaults = plain.overlay(cluster=plain.cluster.overlay(addons=(*plain.cluster.addons, "external-secrets")))
    for spec, ends in ((plain, ["it goes"]), (vaults, ["no protection", "it goes", "protected again"])):
        turns = change_turns(spec, "team", "azure")
        assert isinstance(turns, tuple)
        assert [turn.title for turn in turns] == ["one device", "another quota", *ends]


def test_a_door_of_a_protected_platform_goes_after_its_protection(stack_spec: StackSpec) -> None:
    staging, prod = stack_spec("staging"), stack_spec("prod")
    for spec, ends in ((staging, ["no protection", "it goes", "protected again"]), (prod, ["it goes"])):
        turns = change_turns(spec, "trigger", "azure")
        assert isinstance(turns, tuple)
        assert [turn.title for turn in turns[5:]] == ends
        assert turns[-1].spec == spec


def test_a_door_changes_and_its_pipeline_follows_the_record(stack_spec: StackSpec) -> None:
    spec = stack_spec("dev")
    turns = change_turns(spec, "trigger", "gcp")
    assert isinstance(turns, tuple)
    assert [turn.title for turn in turns] == [
        "it comes",
        "other triggers",
        "the record moves",
        "and back",
        "paused",
        "it goes",
    ]
    (first,) = turns[0].spec.on("gcp").door_pipelines
    # the released model that candidates are compared with is the one that moves
    assert (first.endpoint, first.reads_released) == ("fraud-scorer", True)
    assert [turn.spec.endpoints[0].model for turn in turns[1:4]] == ["fraud/7", "fraud/9", "fraud/7"]
    assert turns[-1].spec == spec
    assert isinstance(
        change_turns(spec.overlay(registry=RegistrySpec(models=(), repositories=())), "trigger", "aws"), SkippedChange
    )


_IMAGE = re.compile(r'"image\\*": ?\\*"([^"\\]+)')
"""The image of a container, also in a text of JSON."""
_PROGRAMS = {
    "aws": "aws:ecs/taskDefinition:TaskDefinition",
    "gcp": "gcp:cloudrunv2/job:Job",
    "azure": "azure-native:app:Job",
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_program_that_an_update_starts_has_its_image_before(
    cloud: str, stack_spec: Callable[[str], PlatformSpec], stack_plan: Callable[..., Plan]
) -> None:
    spec, plan = stack_spec("prod").on(cloud), stack_plan("prod", cloud, resolve=True)
    pushed = set(program_images(spec))
    own = discovery.backend(cloud).own_images(spec)
    planned = {
        found
        for step in plan.resources()
        if step.type == _PROGRAMS[cloud]
        for found in _IMAGE.findall(json.dumps(step.inputs))
        if found.startswith(tuple(f"{each}{end}" for each in own for end in "/:"))
    }
    assert planned
    assert planned <= pushed


def test_features_change_in_place_and_a_protected_store_goes_after_its_protection(stack_spec: StackSpec) -> None:
    for name, cloud, ends in (
        ("dev", "azure", ["the entity goes"]),
        ("prod", "aws", ["no protection", "the entity goes", "protected again"]),
    ):
        spec = stack_spec(name)
        turns = change_turns(spec, "features", cloud)
        assert isinstance(turns, tuple)
        assert [turn.title for turn in turns] == ["it comes", "a feature more", "another time to live", *ends]
        assert all(turn.quiet for turn in turns)
        assert turns[-1].spec == spec
        store = turns[0].spec.feature_store
        assert store
        # those that are there stay
        assert len(store.groups) == 1 + len(spec.feature_store.groups if spec.feature_store else ())
        assert store.fill
