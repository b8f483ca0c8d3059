"""Diagnostic settings: logs of resources that go to the log workspace."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.scope import Scope


def send_logs(
    scope: Scope,
    role: str,
    *,
    of: pulumi.Input[str],
    to: pulumi.Input[str],
    logs: Sequence[str] = (),
    metrics: bool = False,
    depends_on: Sequence[pulumi.Resource] = (),
) -> monitor.DiagnosticSetting:
    """Send logs to the log workspace, into dedicated tables where the service has them.

    Args:
        scope: owner of the resource.
        role: distinguishes the setting in the scope.
        of: id of the resource that writes the logs.
        to: resource id of the log workspace.
        logs: categories of logs.
        metrics: whether its platform metrics are sent too.
        depends_on: prerequisites.
    """
    return monitor.DiagnosticSetting(
        scope.child(f"{role}-logs"),
        name="platform",
        resource_uri=of,
        workspace_id=to,
        log_analytics_destination_type="Dedicated",
        logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in logs],
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)] if metrics else None,
        opts=scope.opts(depends_on=depends_on),
    )


def record_blob_access(
    scope: Scope, role: str, *, of: pulumi.Output[str], to: pulumi.Input[str], after: pulumi.Resource
) -> monitor.DiagnosticSetting:
    """Record every read, write and deletion of blobs.

    Args:
        scope: owner of the storage account.
        role: the account's role in the scope.
        of: resource id of the account.
        to: resource id of the log workspace, in any region.
        after: the settings of the account's blobs.
    """
    blobs = pulumi.Output.concat(of, "/blobServices/default")
    access = ("StorageRead", "StorageWrite", "StorageDelete")
    return send_logs(scope, role, of=blobs, to=to, logs=access, depends_on=[after])


_ACTIVITY = ("Administrative", "Alert", "Policy", "Security")


def audit_subscription(scope: Scope, to: pulumi.Input[str]) -> monitor.SubscriptionDiagnosticSetting:
    """Send the subscription's activity log to the log workspace."""
    return monitor.SubscriptionDiagnosticSetting(
        scope.child("activity-log"),
        name=physical_name(scope.spec, "setting", "activity"),
        workspace_id=to,
        logs=[monitor.SubscriptionLogSettingsArgs(category=category, enabled=True) for category in _ACTIVITY],
        opts=scope.opts(),
    )
