"""What telemetry hands to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.context import Scope
from mlplatform.components.telemetry import TelemetryParts

if TYPE_CHECKING:
    from pulumi_aws import cloudwatch


@dataclass(frozen=True, kw_only=True)
class AwsTelemetry(TelemetryParts):
    """Log settings, managed Prometheus, managed Grafana."""

    log_retention_days: int
    """Days, one of those CloudWatch Logs offers."""

    log_key_arn: pulumi.Output[str]
    """Key of every log group."""

    amp_workspace_id: pulumi.Output[str] | None
    """Managed Prometheus; None where it was not asked for."""

    amp_workspace_arn: pulumi.Output[str] | None
    """Its ARN."""

    grafana_workspace_id: pulumi.Output[str] | None
    """Managed Grafana; None where it was not asked for."""

    def log_group(self, scope: Scope, role: str, name: str) -> cloudwatch.LogGroup:
        """A log group with the platform's retention and key, made before the service that writes to it."""
        from mlplatform.backends.aws.telemetry.log_group import make

        return make(scope, role, name, retention_days=self.log_retention_days, key_arn=self.log_key_arn)
