"""Services before agents, agents before grants, grants before what is encrypted; people and CI without keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import AccessSpec, CiSpec

from ....planned import Planned
from ..conftest import NUMBER, PROJECT, target


def test_a_destroy_leaves_the_projects_services_on(least: Planned) -> None:
    services = least.all("Service")
    assert len(services) > 20
    assert {step.inputs["disableOnDestroy"] for step in services if "projects" in step.type} == {False}


@pytest.mark.parametrize(
    ("encrypted", "grant"),
    [
        ("store-data", "keys-store-storage"),
        ("images-training", "keys-registry-artifact-registry"),
        ("telemetry-logs", "keys-monitoring-logging"),
        ("routes-automation-topic", "keys-monitoring-pubsub"),
        ("telemetry-grafana", "keys-monitoring-run"),
        ("telemetry-grafana-source", "keys-monitoring-secret-manager"),
        ("cluster-cluster", "keys-cluster-container"),
        ("cluster-system", "keys-volumes-compute"),
        ("pool-vision-pool", "keys-volumes-compute"),
    ],
)
def test_the_agents_grant_stands_before_what_it_encrypts(prod: Planned, encrypted: str, grant: str) -> None:
    assert grant in prod.after(encrypted)
    assert prod.one(grant).inputs["role"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def test_an_agent_comes_after_its_service_and_before_its_grant(prod: Planned) -> None:
    assert {"foundation-agent-run", "foundation-api-run"} <= prod.after("keys-serving-run")
    assert "foundation-api-storage" in prod.after("keys-store-storage")
    member = prod.one("keys-volumes-compute").inputs["member"]
    assert member == f"serviceAccount:service-{NUMBER}@compute-system.iam.gserviceaccount.com"


def test_keys_rotate_recover_and_cannot_be_lost(prod: Planned, least: Planned) -> None:
    for step in prod.all("CryptoKey"):
        assert step.inputs["rotationPeriod"] == "7776000s"
        assert step.inputs["destroyScheduledDuration"] == "2592000s"
        assert (step.inputs["deletionPolicy"], step.protect) == ("PREVENT", True)
    dev = least.one("keys-store")
    assert dev.inputs["destroyScheduledDuration"] == "604800s"
    assert (dev.inputs["deletionPolicy"], dev.protect) == ("DELETE", False)


def test_names_that_stay_taken_carry_the_incarnation(planned: Callable[..., Planned]) -> None:
    again = planned(targets=(target(incarnation="b"),), access=AccessSpec(ci=CiSpec(repository="acme/ml")))
    assert again.one("keys-ring").inputs["name"] == "acme-ml-dev-b"
    assert again.one("telemetry-logs").inputs["bucketId"] == "acme-ml-dev-logs-b"
    assert again.one("ci-pool").inputs["workloadIdentityPoolId"] == "acme-ml-dev-ci-b"


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
    assert not [role for role in granted if "serviceAccount" in role or "iam.workload" in role or "admin" in role]


def test_a_group_is_granted_as_a_group(prod: Planned) -> None:
    grant = prod.one("store-data-scientist-data-scientists-acme-example-data-read").inputs
    assert grant["member"] == "group:data-scientists@acme.example"
    assert grant["role"] == "roles/storage.objectViewer"


def test_auditors_and_operators_see_no_objects(prod: Planned) -> None:
    holders = {str(step.inputs["member"]) for step in prod.all("BucketIAMMember")}
    assert "group:auditors@acme.example" not in holders
    assert "group:operators@acme.example" not in holders


def test_audit_logs_of_the_project_are_opt_in(planned: Callable[..., Planned], least: Planned) -> None:
    assert not least.all("IAMAuditConfig")
    audit = planned(targets=(target(audit_logs=True),)).one("foundation-audit").inputs
    assert [log["logType"] for log in audit["auditLogConfigs"]] == ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]


def test_the_platforms_logs_are_kept_once_and_encrypted(prod: Planned) -> None:
    bucket = prod.one("telemetry-logs")
    assert (bucket.inputs["retentionDays"], bucket.protect) == (370, True)
    assert "kmsKeyName" in bucket.inputs["cmekSettings"]
    sink, excluded = prod.one("telemetry-sink").inputs, prod.one("telemetry-not-twice").inputs
    assert sink["destination"] == (
        f"logging.googleapis.com/projects/{PROJECT}/locations/us-central1/buckets/acme-ml-prod-logs"
    )
    chosen, kept = str(excluded["filter"]).split(") AND NOT ")
    assert str(sink["filter"]).startswith(chosen.removeprefix("("))
    assert "cloudaudit" not in chosen
    # alerts on logs need no word on whether they see excluded ones
    assert kept == 'LOG_ID("container.googleapis.com/cluster-autoscaler-visibility")'


def test_people_see_the_platforms_logs_but_not_who_read_what(prod: Planned) -> None:
    view = prod.one("telemetry-work-logs").inputs
    assert (view["parent"], view["bucket"]) == (f"projects/{PROJECT}", "acme-ml-prod-logs")
    assert 'NOT LOG_ID("cloudaudit.googleapis.com/data_access")' in str(view["filter"])
    seen = {step.inputs["member"] for step in prod.all("LogViewIamMember")}
    roles = ("data-scientist", "ml-engineer", "data-engineer", "operator")
    assert seen == {f"group:{role}s@acme.example" for role in roles}
    assert {step.inputs["role"] for step in prod.all("LogViewIamMember")} == {"roles/logging.viewAccessor"}


def test_rights_in_the_project_come_after_the_service_that_keeps_them(prod: Planned) -> None:
    for step in (*prod.all("Service"), *prod.all("IAMMember")):
        name = step.name.removeprefix("acme-ml-")
        if step.type == "gcp:projects/service:Service" and name.startswith("foundation-api-"):
            first = name == "foundation-api-cloudresourcemanager"
            assert first or "foundation-api-cloudresourcemanager" in prod.after(name)
        if step.type == "gcp:projects/iAMMember:IAMMember":
            assert "foundation-api-cloudresourcemanager" in prod.after(name), name


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


def test_keys_are_not_made_anew_for_what_is_fixed_in_them(prod: Planned) -> None:
    key = prod.one("keys-store")
    assert set(key.ignore_changes) == {"destroyScheduledDuration", "versionTemplate.protectionLevel"}


def test_grafana_is_reached_by_people_of_the_platform_and_the_proxy_alone(prod: Planned) -> None:
    service = prod.one("telemetry-grafana").inputs
    assert (service["iapEnabled"], service.get("invokerIamDisabled")) == (True, None)
    claims = next(one["value"] for one in service["template"]["containers"][0]["envs"] if "CLAIMS" in one["name"])
    assert f"/projects/{NUMBER}/locations/us-central1/services/acme-ml-prod-grafana" in claims
    assert service["template"]["encryptionKey"]
    invokers = [step for step in prod.all("ServiceIamMember") if step.name == "acme-ml-telemetry-grafana-iap"]
    assert len(invokers) == 1
    assert str(invokers[0].inputs["member"]).startswith(f"serviceAccount:service-{NUMBER}@gcp-sa-iap")
    readers = {str(step.inputs["member"]) for step in prod.all("WebCloudRunServiceIamMember")}
    assert readers == {
        f"group:{role}s@acme.example" for role in ("data-scientist", "ml-engineer", "operator", "auditor")
    }
    assert {"telemetry-grafana-source-version", "telemetry-grafana-source-reader"} <= prod.after("telemetry-grafana")
