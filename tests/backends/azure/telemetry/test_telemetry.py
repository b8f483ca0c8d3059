"""The log workspace, Prometheus and Grafana."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import MonitoringSpec
from mlplatform.backends.azure.foundation.roles import ROLES

from ....planned import Planned
from ..conftest import PEOPLE
from ..serving.serving import template


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
