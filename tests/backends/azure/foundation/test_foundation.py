"""Group, keys, identities, telemetry, routes, budget."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mlplatform import AccessSpec, BudgetSpec, CiSpec, KeysSpec, MonitoringSpec
from mlplatform.backends.azure.naming import RULES, guid, physical_name, pool_name
from mlplatform.backends.azure.roles import ROLES

from ....planned import Planned
from ..conftest import PEOPLE, SUBSCRIPTION, spec, target
from ..serving.serving import template


def test_everything_is_in_the_groups_region_and_group(prod: Planned) -> None:
    assert prod.one("foundation-group").inputs["resourceGroupName"] == "acme-ml-prod-rg"
    groups = {step.inputs["resourceGroupName"] for step in prod.plan.resources() if "resourceGroupName" in step.inputs}
    assert groups == {"acme-ml-prod-rg", "NetworkWatcherRG"}


def test_deletion_of_what_holds_state_is_denied_in_protected_environments(
    prod: Planned, least: Planned, planned: Callable[..., Planned]
) -> None:
    parameters = prod.one("foundation-deny-deletion").inputs["parameters"]
    assert parameters["effect"] == {"value": "DenyAction"}
    assert "Microsoft.Storage/storageAccounts" in parameters["listOfResourceTypesDisallowedForDeletion"]["value"]
    assert not least.all("PolicyAssignment")
    assert not planned(environment="prod", targets=(target(deletion_policy=False),)).all("PolicyAssignment")
    # a lock would also keep access from being revoked
    assert not prod.all("ManagementLockByScope")


def test_settings_of_the_subscription_are_opt_in(prod: Planned, least: Planned) -> None:
    # by a template: a subscription has every Defender plan already, and what is there is not created
    assert {content["name"] for content in template(prod.one("foundation-subscription"))} == {
        "Containers",
        "Microsoft.Compute/EncryptionAtHost",
        "Microsoft.ContainerService/AKSInfinibandSupport",
    }
    assert "foundation-subscription" in prod.directly_after("cluster-cluster")
    assert prod.one("telemetry-activity-log").inputs["workspaceId"]
    for kind in ("DeploymentAtSubscriptionScope", "SubscriptionDiagnosticSetting"):
        assert not least.all(kind)
    assert "az feature register --namespace Microsoft.Compute --name EncryptionAtHost" in least.notes()
    assert "az provider register" in least.notes()


def test_vaults_are_private_and_cannot_be_purged(prod: Planned, least: Planned) -> None:
    assert len(prod.all("Vault")) == 3
    for step in prod.all("Vault"):
        properties = step.inputs["properties"]
        assert properties["enablePurgeProtection"] is True
        assert properties["enableRbacAuthorization"] is True
        assert properties["softDeleteRetentionInDays"] == 30
        assert step.protect
    for role in ("keys", "secrets"):
        properties = prod.one(f"keys-vault-{role}").inputs["properties"]
        assert properties["publicNetworkAccess"] == "disabled"
        assert properties["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    # a registry cannot be created with a key behind a firewall: its vault holds that one key
    registry = str(prod.one("keys-vault-registry").inputs["vaultName"])
    assert [key.inputs["keyName"] for key in prod.all("Key") if key.inputs["vaultName"] == registry] == ["registry"]
    assert least.one("keys-vault-keys").inputs["properties"]["softDeleteRetentionInDays"] == 7


def test_every_key_rotates_and_has_an_identity_that_may_use_it_alone(prod: Planned) -> None:
    keys = prod.all("Key")
    assert len(keys) == 6
    for key in keys:
        policy = key.inputs["properties"]["rotationPolicy"]
        assert policy["lifetimeActions"] == [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}]
        # a version can be used for a year after the next one came
        assert policy["attributes"]["expiryTime"] == "P455D"
        assert key.inputs["properties"]["keySize"] == 3072
        purpose = key.inputs["keyName"]
        right = prod.one(f"keys-use-{purpose}-key-encryption-user")
        assert str(right.inputs["scope"]).endswith(f"/keys/{purpose}")
        assert key.retain_on_delete


def test_hsm_keys_need_a_premium_vault(planned: Callable[..., Planned]) -> None:
    plan = planned(keys=KeysSpec(protection="hsm", rotation_days=180))
    assert plan.one("keys-vault-keys").inputs["properties"]["sku"]["name"] == "premium"
    assert {key.inputs["properties"]["kty"] for key in plan.all("Key")} == {"RSA-HSM"}


def test_encrypted_resources_come_after_the_right_to_their_key(prod: Planned) -> None:
    for name, purpose in (
        ("store-main", "store"),
        ("images-registry", "registry"),
        ("cluster-disks", "volumes"),
        ("telemetry-archive", "monitoring"),
    ):
        assert f"keys-use-{purpose}-key-encryption-user" in prod.directly_after(name), name


def test_role_assignments_name_kind_and_role(prod: Planned) -> None:
    names = [str(step.inputs["roleAssignmentName"]) for step in prod.all("RoleAssignment")]
    assert len(set(names)) == len(names) > 40
    for step in prod.all("RoleAssignment"):
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(step.inputs["roleAssignmentName"]))
        assert step.inputs["principalType"] in ("ServicePrincipal", "Group"), step.name
        assert step.delete_before_replace
        assert str(step.inputs["roleDefinitionId"]).rsplit("/", 1)[1] in ROLES.values()


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


def test_the_log_store(prod: Planned, least: Planned, planned: Callable[..., Planned]) -> None:
    logs = prod.one("telemetry-logs").inputs
    assert logs["retentionInDays"] == 730
    assert logs["features"]["disableLocalAuth"] is True
    # every workspace has the tables: creating one would be refused
    assert not prod.all("Table")
    tables = template(prod.one("telemetry-tables"))
    assert {table["properties"]["totalRetentionInDays"] for table in tables} == {1095}
    assert "acme-ml-prod-logs/AZKVAuditLogs" in {table["name"] for table in tables}
    assert sum(not table["dependsOn"] for table in tables) == 1
    assert least.one("telemetry-logs").inputs["retentionInDays"] == 30
    assert not least.has("telemetry-tables")
    for role in ("keys", "secrets", "registry"):
        setting = prod.one(f"telemetry-vault-{role}-logs").inputs
        assert [log["category"] for log in setting["logs"]] == ["AuditEvent"]
        assert setting["logAnalyticsDestinationType"] == "Dedicated"


def test_prometheus_and_grafana(prod: Planned, planned: Callable[..., Planned]) -> None:
    grafana = prod.one("telemetry-grafana").inputs["properties"]
    assert grafana["apiKey"] == "Disabled"
    metrics = prod.one("telemetry-metrics")
    assert grafana["grafanaIntegrations"]["azureMonitorWorkspaceIntegrations"] == [
        {"azureMonitorWorkspaceResourceId": metrics.id}
    ]
    assert (ROLES["metrics-reader"], "accounts/acme-ml-prod-metrics") in prod.rights()
    operator = PEOPLE["operator"][0]
    assert [
        step.inputs["principalId"]
        for step in prod.all("RoleAssignment")
        if str(step.inputs["roleDefinitionId"]).endswith(ROLES["grafana-admin"])
    ] == [operator]
    without = planned(monitoring=MonitoringSpec(prometheus=False, grafana=True))
    assert not without.all("AzureMonitorWorkspace")
    assert without.one("telemetry-grafana").inputs["properties"]["grafanaIntegrations"] == {
        "azureMonitorWorkspaceIntegrations": []
    }
    assert "nobody may administer Grafana" in without.notes()


def _secret(value: object) -> bool:
    return isinstance(value, dict) and "value" in value and len(value) == 2


def test_routes_by_severity_with_their_secrets_hidden(prod: Planned, least: Planned) -> None:
    critical, warning = prod.one("routes-critical").inputs, prod.one("routes-warning").inputs
    assert critical["location"] == "global"
    assert [receiver["name"] for receiver in critical["webhookReceivers"]] == ["hook", "pagerduty"]
    assert all(_secret(receiver["serviceUri"]) for receiver in critical["webhookReceivers"])
    assert warning.get("webhookReceivers") == []
    assert [receiver["emailAddress"] for receiver in warning["emailReceivers"]] == ["oncall@acme.example"]
    assert _secret(critical["logicAppReceivers"][0]["callbackUrl"])
    slack = prod.one("routes-slack-ml-alerts").inputs
    assert slack["parameters"]["token"]["type"] == "SecureString"
    assert _secret(slack["parameters"]["token"]["value"])
    assert slack["definition"]["actions"]["post"]["inputs"]["body"]["channel"] == "C0123456789"
    assert not least.all("ActionGroup")


def test_the_budget_counts_the_nodes_group_too(prod: Planned) -> None:
    budget = prod.one("budget-budget").inputs
    assert budget["scope"] == f"/subscriptions/{SUBSCRIPTION}"
    nodes = prod.one("cluster-cluster").inputs["nodeResourceGroup"]
    assert budget["filter"]["dimensions"]["values"] == ["acme-ml-prod-rg", nodes]
    assert sorted(budget["notifications"]) == ["percent-100", "percent-50"]
    assert budget["notifications"]["percent-50"]["contactEmails"] == ["oncall@acme.example"]
    assert prod.one("routes-warning").id in budget["notifications"]["percent-50"]["contactGroups"]


def test_names_keep_to_azures_rules() -> None:
    long = spec(name="a" + "b" * 18 + "c", environment="e" * 12)
    for kind, rule in RULES.items():
        for role in ("x", "a-very-long-role-that-goes-on-and-on-for-more-than-any-limit-allows" * 4):
            name = physical_name(long, kind, role)
            assert 1 <= len(name) <= rule.limit, (kind, name)
            assert name == name.lower()
            assert "--" not in name
            assert re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", name), (kind, name)
            assert rule.dashes or "-" not in name
    assert physical_name(spec(name="a--b"), "vault", "keys").startswith("a-b-dev-keys-")


def test_names_that_stay_taken_change_with_the_incarnation() -> None:
    again = spec(targets=(target(incarnation="2"),))
    assert physical_name(spec(), "vault", "keys") != physical_name(again, "vault", "keys")
    assert physical_name(spec(), "network", "vnet") == physical_name(again, "network", "vnet")
    assert guid(spec(), "a") != guid(spec(environment="prod"), "a")
    assert guid(spec(), "a") == guid(spec(), "a")


def test_pool_names_change_with_what_azure_cannot_change() -> None:
    names = {pool_name("abcdefghijkl", content) for content in ("a", "b")} | {pool_name("abcdefghijkm", "a")}
    assert len(names) == 3
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,11}", name) for name in names)


def test_a_budget_starts_in_the_month_it_is_made(prod: Planned, planned: Callable[..., Planned]) -> None:
    month: Any = prod.one("budget-month").inputs
    assert "utcNow" in month["properties"]["template"]["parameters"]["month"]["defaultValue"]
    budget = prod.one("budget-budget")
    assert "budget-month" in prod.directly_after("budget-budget")
    assert budget.ignore_changes == ("timePeriod",)
    named = planned(budget=BudgetSpec(monthly_usd=5, emails=("a@b.co",), starts="2026-03-01"))
    given: Any = named.one("budget-budget").inputs
    assert given["timePeriod"]["startDate"] == "2026-03-01T00:00:00Z"
    assert not named.has("budget-month")


def test_groups_whose_ids_begin_alike_are_told_apart(planned: Callable[..., Planned]) -> None:
    groups = ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2")
    plan = planned(targets=(target(people={"auditor": groups}),))
    seen = {step.inputs["principalId"] for step in plan.all("RoleAssignment") if "-see-auditor" in step.name}
    assert seen == set(groups)
