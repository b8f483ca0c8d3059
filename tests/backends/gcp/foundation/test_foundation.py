"""Services stay enabled, agents come after their service, rights after the service that keeps them."""

from __future__ import annotations

from collections.abc import Callable

from ....planned import Planned
from ..conftest import NUMBER, target


def test_a_destroy_leaves_the_projects_services_on(least: Planned) -> None:
    services = least.all("Service")
    assert len(services) > 20
    assert {step.inputs["disableOnDestroy"] for step in services if "projects" in step.type} == {False}


def test_an_agent_comes_after_its_service_and_before_its_grant(prod: Planned) -> None:
    assert {"foundation-agent-run", "foundation-api-run"} <= prod.after("keys-serving-run")
    assert "foundation-api-storage" in prod.after("keys-store-storage")
    member = prod.one("keys-volumes-compute").inputs["member"]
    assert member == f"serviceAccount:service-{NUMBER}@compute-system.iam.gserviceaccount.com"


def test_agents_that_were_asked_for_get_the_rights_google_gives_those_that_were_not(prod: Planned) -> None:
    wanted = {
        "artifact-registry": "roles/artifactregistry.serviceAgent",
        "eventarc": "roles/eventarc.serviceAgent",
        "notification": "roles/monitoring.notificationServiceAgent",
    }
    for agent, role in wanted.items():
        made = prod.one(f"foundation-agent-{agent}-role")
        assert (made.inputs["role"], made.retain_on_delete) == (role, True)
    assert "foundation-agent-artifact-registry-role" in prod.after("images-training")
    assert "foundation-agent-notification-role" in prod.after("routes-automation")


def test_rights_in_the_project_come_after_the_service_that_keeps_them(prod: Planned) -> None:
    for step in (*prod.all("Service"), *prod.all("IAMMember")):
        name = step.name.removeprefix("acme-ml-")
        if step.type == "gcp:projects/service:Service" and name.startswith("foundation-api-"):
            first = name == "foundation-api-cloudresourcemanager"
            assert first or "foundation-api-cloudresourcemanager" in prod.after(name)
        if step.type == "gcp:projects/iAMMember:IAMMember":
            assert "foundation-api-cloudresourcemanager" in prod.after(name), name


def test_audit_logs_of_the_project_are_opt_in(planned: Callable[..., Planned], least: Planned) -> None:
    assert not least.all("IAMAuditConfig")
    audit = planned(targets=(target(audit_logs=True),)).one("foundation-audit").inputs
    assert [log["logType"] for log in audit["auditLogConfigs"]] == ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
