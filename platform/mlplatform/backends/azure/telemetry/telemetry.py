"""The log workspace, Application Insights, the archive of flow logs, and the vaults' audit logs."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import applicationinsights, operationalinsights, storage

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.templates import deploy_template
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.storage.storage_account import make_storage_account
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import collection, diagnostics, grafana, prometheus
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec

INTERACTIVE_DAYS = (30, 730)
"""Smallest and largest number of days that a workspace keeps logs for queries."""

_TOTAL_DAYS = (1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653)
"""Numbers of days above two years that a table can keep logs,
https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"""

_TABLES = (
    "AKSAuditAdmin",
    "AKSControlPlane",
    "AZKVAuditLogs",
    "AmlOnlineEndpointConsoleLog",
    "AmlOnlineEndpointEventLog",
    "AmlOnlineEndpointTrafficLog",
    "ContainerLogV2",
    "ContainerRegistryLoginEvents",
    "ContainerRegistryRepositoryEvents",
    "KubeEvents",
    "StorageBlobLogs",
)
"""Tables that the platform's resources write to."""

_TABLES_API = "2023-09-01"
"""Version of the log workspaces' API, the one the provider's own types have."""


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> AzureTelemetry:
    """Stores of logs and metrics."""
    parts = native(keys.parts, AzureKeys)
    days = spec.log_retention_days or scope.defaults.log_retention_days
    workspace = _workspace(scope, days)
    insights = applicationinsights.Component(
        scope.child("insights"),
        resource_name_=physical_name(scope.spec, "app-insights", "insights"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        kind="web",
        application_type=applicationinsights.ApplicationType.WEB,
        ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
        workspace_resource_id=workspace.id,
        tags=scope.tags,
        opts=scope.opts(),
    )
    for role, vault in parts.own_vaults.items():
        diagnostics.send_logs(scope, f"vault-{role}", of=vault.id, to=workspace.id, logs=["AuditEvent"])
    if scope.target(AzureTarget).subscription_audit:
        diagnostics.audit_subscription(scope, workspace.id)
    scope.note(
        "keys",
        "Log Analytics and Azure Monitor encrypt with Microsoft's keys: a customer-managed key needs a dedicated "
        "cluster with a commitment of 100 GB a day; the monitoring key encrypts the archive of flow logs",
    )
    archive, archive_ready = _archive(scope, days, parts)
    metrics = prometheus.make_prometheus(scope) if spec.prometheus else None
    dashboards = grafana.make_grafana(scope, metrics.workspace_id if metrics else None) if spec.grafana else None
    return AzureTelemetry(
        workspace_id=workspace.id,
        customer_id=workspace.customer_id,
        retention_days=days,
        insights_id=insights.id,
        archive_id=archive.id,
        archive_ready=archive_ready,
        metrics_id=metrics.workspace_id if metrics else None,
        metrics_rule_id=metrics.rule_id if metrics else None,
        metrics_endpoint_id=metrics.endpoint_id if metrics else None,
        logs_rule_id=collection.collect_container_logs(scope, workspace.id),
        grafana_id=dashboards.id if dashboards else None,
        grafana_name=dashboards.name if dashboards else None,
        prometheus_url=metrics.query_url if metrics else None,
        grafana_url=dashboards.url if dashboards else None,
    )


def _workspace(scope: Scope, days: int) -> operationalinsights.Workspace:
    least, most = INTERACTIVE_DAYS
    name = physical_name(scope.spec, "log-workspace", "logs")
    workspace = operationalinsights.Workspace(
        scope.child("logs"),
        workspace_name=name,
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
        retention_in_days=min(most, max(least, days)),
        features=operationalinsights.WorkspaceFeaturesArgs(
            disable_local_auth=True, enable_log_access_using_only_resource_permissions=True
        ),
        # reached with Entra tokens; a private link scope would capture the network's whole DNS
        public_network_access_for_ingestion=operationalinsights.PublicNetworkAccessType.ENABLED,
        public_network_access_for_query=operationalinsights.PublicNetworkAccessType.ENABLED,
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected),
    )
    if days > most:
        _keep_longer(scope, name, most, next(allowed for allowed in _TOTAL_DAYS if allowed >= days), workspace)
    return workspace


def _keep_longer(scope: Scope, workspace: str, days: int, total: int, after: pulumi.Resource) -> None:
    """Set by a template: every workspace already has these tables, and the provider cannot create existing ones."""
    kind = "Microsoft.OperationalInsights/workspaces/tables"
    contents = [
        {
            "type": kind,
            "apiVersion": _TABLES_API,
            "name": f"{workspace}/{table}",
            # one after the other: the workspace accepts one change at a time
            "dependsOn": [f"[resourceId('{kind}', '{workspace}', '{before}')]"] if before else [],
            "properties": {"retentionInDays": days, "totalRetentionInDays": total},
        }
        for before, table in zip((None, *_TABLES), _TABLES, strict=False)
    ]
    deploy_template(
        scope, "tables", name=physical_name(scope.spec, "setting", "tables"), contents=contents, depends_on=[after]
    )
    scope.note(
        "monitoring.log_retention_days",
        f"tables keep {total} days; to return to {days} days or less, also reset the tables: az monitor "
        f"log-analytics workspace table update --workspace-name {workspace} --total-retention-time -1",
    )


def _archive(scope: Scope, days: int, keys: AzureKeys) -> tuple[storage.StorageAccount, tuple[pulumi.Resource, ...]]:
    name = physical_name(scope.spec, "storage-account", "logs")
    account = make_storage_account(
        scope,
        "archive",
        name=name,
        location=scope.target(AzureTarget).location,
        zonal=False,
        key=keys.keys["monitoring"],
        vault=keys.vault,
        trusted_services_write=True,  # network watchers cannot write otherwise
        protect=scope.defaults.protected,
    )
    expiry = storage.ManagementPolicy(
        scope.child("archive-expiry"),
        management_policy_name="default",
        account_name=known_output(account, name),
        resource_group_name=resource_group(scope).group_name,
        policy=storage.ManagementPolicySchemaArgs(
            rules=[
                storage.ManagementPolicyRuleArgs(
                    name="expire",
                    type=storage.RuleType.LIFECYCLE,
                    enabled=True,
                    definition=storage.ManagementPolicyDefinitionArgs(
                        filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob", "appendBlob"]),
                        actions=storage.ManagementPolicyActionArgs(
                            base_blob=storage.ManagementPolicyBaseBlobArgs(
                                delete=storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
                            )
                        ),
                    ),
                )
            ]
        ),
        opts=scope.opts(),
    )
    return account, (account, expiry)
