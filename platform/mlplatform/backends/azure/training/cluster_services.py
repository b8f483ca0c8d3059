"""Services of AKS in the cluster: add-ons, collection of logs and metrics, maintenance windows."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerservice, monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.scope import Scope
from mlplatform.spec.training import TrainingSpec


def addon_profiles(logs: AzureTelemetry) -> dict[str, containerservice.ManagedClusterAddonProfileArgs]:
    """Secrets from the vault as volumes, policies, container logs."""
    return {
        "azureKeyvaultSecretsProvider": containerservice.ManagedClusterAddonProfileArgs(
            enabled=True, config={"enableSecretRotation": "true", "rotationPollInterval": "2m"}
        ),
        "azurepolicy": containerservice.ManagedClusterAddonProfileArgs(enabled=True, config={"version": "v2"}),
        "omsagent": containerservice.ManagedClusterAddonProfileArgs(
            enabled=True,
            config={"logAnalyticsWorkspaceResourceID": logs.workspace_id, "useAADAuth": "true"},
        ),
    }


def collect_logs_and_metrics(scope: Scope, cluster_id: pulumi.Output[str], logs: AzureTelemetry) -> None:
    """Associate the collection rules; the agents look for them under exactly these names."""
    monitor.DataCollectionRuleAssociation(
        scope.child("container-logs"),
        association_name="ContainerInsightsExtension",
        resource_uri=cluster_id,
        data_collection_rule_id=logs.logs_rule_id,
        opts=scope.opts(),
    )
    if logs.metrics_rule_id:
        monitor.DataCollectionRuleAssociation(
            scope.child("metrics"),
            association_name="ContainerInsightsMetricsExtension",
            resource_uri=cluster_id,
            data_collection_rule_id=logs.metrics_rule_id,
            opts=scope.opts(),
        )


def schedule_maintenance(scope: Scope, spec: TrainingSpec, cluster_name: pulumi.Output[str]) -> None:
    """Upgrade the cluster and the nodes' images on Sundays, UTC, but never in a hold."""
    held = [
        containerservice.DateSpanArgs(start=hold.starts.isoformat(), end=hold.ends.isoformat()) for hold in spec.holds
    ]
    previous: list[pulumi.Resource] = []
    for role, config in (
        ("upgrades", "aksManagedAutoUpgradeSchedule"),
        ("node-images", "aksManagedNodeOSUpgradeSchedule"),
    ):
        previous = [
            containerservice.MaintenanceConfiguration(
                scope.child(f"window-{role}"),
                config_name=config,
                resource_name_=cluster_name,
                resource_group_name=resource_group(scope).group_name,
                maintenance_window=containerservice.MaintenanceWindowArgs(
                    schedule=containerservice.ScheduleArgs(
                        weekly=containerservice.WeeklyScheduleArgs(
                            day_of_week=containerservice.WeekDay.SUNDAY, interval_weeks=1
                        )
                    ),
                    start_time="02:00",
                    utc_offset="+00:00",
                    duration_hours=6,
                    not_allowed_dates=held or None,
                ),
                opts=scope.opts(depends_on=previous),
            )
        ]
