"""Identities, roles, CI and people."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlplatform import AccessSpec, CiSpec
from mlplatform.backends.azure.foundation.roles import ROLES

from ....planned import Planned
from ..conftest import PEOPLE, target


def test_role_assignments_name_kind_and_role(prod: Planned) -> None:
    names = [str(step.inputs["roleAssignmentName"]) for step in prod.all("RoleAssignment")]
    assert len(set(names)) == len(names) > 40
    own = {str(step.inputs["roleDefinitionId"]) for step in prod.all("RoleDefinition")}
    for step in prod.all("RoleAssignment"):
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(step.inputs["roleAssignmentName"]))
        assert step.inputs["principalType"] in ("ServicePrincipal", "Group"), step.name
        assert step.delete_before_replace
        role = str(step.inputs["roleDefinitionId"]).rsplit("/", 1)[1]
        assert role in {*ROLES.values(), *own}, step.name


def test_nobody_gets_more_than_the_group_and_only_readers_and_monitors_get_that(prod: Planned) -> None:
    whole = {role for role, scope in prod.rights() if scope == "resourceGroups/acme-ml-prod-rg"}
    allowed = ("reader", "logs-reader", "monitoring-contributor", "monitoring-reader")
    assert whole == {ROLES[name] for name in allowed}
    assert not [scope for _, scope in prod.rights() if scope.startswith("subscriptions/")]


def test_ci_is_trusted_for_one_branch(prod: Planned, planned: Callable[..., Planned]) -> None:
    trust = prod.one("ci-trust").inputs
    assert trust["subject"] == "repo:acme/ml:ref:refs/heads/main"
    assert trust["audiences"] == ["api://AzureADTokenExchange"]
    gitlab = planned(access=AccessSpec(ci=CiSpec(system="gitlab", repository="acme/group/ml", branch="trunk")))
    assert gitlab.one("ci-trust").inputs["subject"] == "project_path:acme/group/ml:ref_type:branch:ref:trunk"


def test_credentials_of_one_identity_are_written_one_after_the_other(prod: Planned) -> None:
    assert "cluster-bind-training-training-training" in prod.directly_after("cluster-bind-training-training-second")


def test_people_are_groups(prod: Planned) -> None:
    assigned = prod.all("RoleAssignment")
    groups = {str(step.inputs["principalId"]) for step in assigned if step.inputs["principalType"] == "Group"}
    assert groups == {group for role in PEOPLE.values() for group in role}


def test_groups_whose_ids_begin_alike_are_told_apart(planned: Callable[..., Planned]) -> None:
    groups = ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2")
    plan = planned(targets=(target(people={"auditor": groups}),))
    seen = {step.inputs["principalId"] for step in plan.all("RoleAssignment") if "-see-auditor" in step.name}
    assert seen == set(groups)
