"""Who may do what: people before programs, the greater right alone, and nobody said to have what he has not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import get_args

import pytest
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.components.granted import GrantNote, Thing
from mlplatform.plan.model import Plan
from mlplatform.spec.access import ROLES
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.access.rows import _PLACE, AccessTarget, access_of
from mlplatform.views.access.text import access_json, access_text
from mlplatform.views.style import Style

StackPlan = Callable[..., Plan]
StackSpec = Callable[[str], PlatformSpec]


@pytest.fixture(scope="module")
def access(stack_plan: StackPlan, stack_spec: StackSpec) -> AccessTarget:
    """Of production on AWS."""
    return access_of(stack_plan("prod", "aws", resolve=True), stack_spec("prod"))


def test_people_stand_before_programs_with_their_names(access: AccessTarget) -> None:
    assert access.holders[: len(ROLES)] == ROLES
    assert access.people["auditor"] == ("arn:aws:iam::345678901234:role/sso-auditor",)
    lines = access_text([access], Style()).replace("\n    ", " ")
    assert "  operator (arn:aws:iam::345678901234:role/sso-operator): administers the cluster\n" in lines
    assert "starts jobs and pipelines, which act as pipelines" in lines
    assert "models written by nobody added to by ml-engineer read by data-scientist," in lines


def test_who_writes_is_not_said_to_read_too(access: AccessTarget) -> None:
    assert [each.right for each in access.held_by("ml-engineer") if each.on == "models"] == ["read", "add"]
    assert [each.right for each in access.held_by("ml-engineer") if each.on == "images"] == ["push"]


def test_a_folder_is_no_place(access: AccessTarget) -> None:
    (own,) = (each for each in access.held_by("team-fraud") if each.on == "pipelines")
    assert (own.right, own.part) == ("write", "checkpoints/team-fraud")


def test_tools_get_every_grant(access: AccessTarget) -> None:
    (target,) = json.loads(access_json([access]))["targets"]
    assert target["data_class"] == "confidential"
    assert {"holder": "ci", "right": "push", "on": "images", "part": None} in target["grants"]
    assert len(target["grants"]) == len(access.grants)


def test_a_role_without_any_grant_is_listed(stack_plan: StackPlan, stack_spec: StackSpec) -> None:
    plan = stack_plan("prod", "aws", resolve=True)
    bare = Plan(plan.cloud, plan.project, plan.stack, (), grants=(GrantNote(holder="ci", right="push", on="images"),))
    found = access_of(bare, stack_spec("prod"))
    assert found.holders[-1] == "ci"
    assert "): nothing of the platform's\n" in access_text([found], Style()).replace("\n    ", " ")


def test_a_spec_that_is_refused_is_no_list() -> None:
    assert CliRunner().invoke(cli, ["access", "nowhere.yaml"]).exit_code == 2


def test_every_thing_that_somebody_may_have_rights_to_has_a_place() -> None:
    things = {name for part in get_args(Thing) for name in (get_args(part) or (part,))}
    assert things == set(_PLACE)
