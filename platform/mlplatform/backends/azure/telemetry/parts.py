"""Parts of telemetry."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.components.telemetry import TelemetryParts


@dataclass(frozen=True, kw_only=True)
class AzureTelemetry(TelemetryParts):
    """Log workspace, Application Insights, Azure Monitor workspace, Grafana."""

    workspace_id: pulumi.Output[str]
    """Resource id of the Log Analytics workspace."""

    customer_id: pulumi.Output[str]
    """The workspace's own GUID, which queries and agents use."""

    retention_days: int
    """Days that logs are kept."""

    insights_id: pulumi.Output[str]
    """Resource id of Application Insights."""

    archive_id: pulumi.Output[str]
    """Resource id of the storage account for network flow logs."""

    archive_ready: tuple[pulumi.Resource, ...]
    """Prerequisites of whatever writes to the archive."""

    metrics_id: pulumi.Output[str] | None
    """Resource id of the Azure Monitor workspace (managed Prometheus); None where the spec does not ask for it."""

    metrics_rule_id: pulumi.Output[str] | None
    """Collection rule that carries a cluster's Prometheus metrics to it."""

    metrics_endpoint_id: pulumi.Output[str] | None
    """Collection endpoint of a cluster's metrics."""

    logs_rule_id: pulumi.Output[str]
    """Collection rule that carries a cluster's container logs to the log workspace."""

    grafana_id: pulumi.Output[str] | None
    """Resource id of managed Grafana; None where the spec does not ask for it."""

    grafana_name: str | None
    """Its physical name."""
