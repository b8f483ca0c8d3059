"""People and CI have no keys and only the rights of their role."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import AccessSpec, CiSpec

from ....planned import Planned
from ..conftest import NUMBER, PROJECT


def test_ci_is_one_branch_of_one_repository(prod: Planned) -> None:
    provider = prod.one("ci-provider").inputs
    assert provider["attributeCondition"] == ("assertion.sub == 'repo:acme/ml:ref:refs/heads/main'")
    assert provider["oidc"] == {"issuerUri": "https://token.actions.githubusercontent.com"}
    trust = prod.one("ci-trust").inputs
    assert trust["role"] == "roles/iam.workloadIdentityUser"
    assert trust["member"] == (
        f"principalSet://iam.googleapis.com/projects/{NUMBER}/locations/global/"
        "workloadIdentityPools/acme-ml-prod-ci/attribute.repository/acme/ml"
    )
    assert not prod.all("Key")


def test_gitlab_is_trusted_by_its_own_claims(planned: Callable[..., Planned]) -> None:
    ci = CiSpec(system="gitlab", repository="acme/team/ml", branch="release")
    provider = planned(access=AccessSpec(ci=ci)).one("ci-provider").inputs
    assert provider["attributeCondition"] == (
        "assertion.sub == 'project_path:acme/team/ml:ref_type:branch:ref:release'"
    )


def test_nobody_gets_a_basic_role_or_may_act_as_accounts_of_the_project(prod: Planned) -> None:
    granted = {str(step.inputs["role"]) for step in prod.all("IAMMember") if "projects" in step.type}
    assert granted, "people's roles are granted in the project"
    assert not granted & {"roles/owner", "roles/editor", "roles/viewer"}
    # the operators' alone; roles/container.clusterAdmin may not touch what is in a cluster
    granted.discard("roles/container.admin")
    assert not [role for role in granted if "serviceAccount" in role or "iam.workload" in role or "admin" in role]


def test_a_group_is_granted_as_a_group(prod: Planned) -> None:
    grant = prod.one("store-data-scientist-data-scientists-acme-example-data-read").inputs
    assert grant["member"] == "group:data-scientists@acme.example"
    assert grant["role"] == "roles/storage.objectViewer"


def test_auditors_and_operators_see_no_objects(prod: Planned) -> None:
    holders = {str(step.inputs["member"]) for step in prod.all("BucketIAMMember")}
    assert "group:auditors@acme.example" not in holders
    assert "group:operators@acme.example" not in holders


def test_people_see_the_platforms_logs_but_not_who_read_what(prod: Planned) -> None:
    view = prod.one("telemetry-work-logs").inputs
    assert (view["parent"], view["bucket"]) == (f"projects/{PROJECT}", "acme-ml-prod-logs")
    assert 'NOT LOG_ID("cloudaudit.googleapis.com/data_access")' in str(view["filter"])
    seen = {step.inputs["member"] for step in prod.all("LogViewIamMember")}
    roles = ("data-scientist", "ml-engineer", "data-engineer", "operator")
    assert seen == {f"group:{role}s@acme.example" for role in roles}
    assert {step.inputs["role"] for step in prod.all("LogViewIamMember")} == {"roles/logging.viewAccessor"}
