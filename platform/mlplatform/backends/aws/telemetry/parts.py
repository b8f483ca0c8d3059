"""Parts of telemetry, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import TelemetryParts

if TYPE_CHECKING:
    from pulumi_aws import cloudwatch


@dataclass(frozen=True, kw_only=True)
class AwsTelemetry(TelemetryParts):
    """Log settings, managed Prometheus, managed Grafana."""

    log_retention_days: int
    """Retention of logs, a number of days that CloudWatch Logs offers."""

    log_key_arn: pulumi.Output[str]
    """Key of every log group."""

    amp_workspace_id: pulumi.Output[str] | None
    """Managed Prometheus; None if the spec does not ask for it."""

    amp_workspace_arn: pulumi.Output[str] | None
    """ARN of managed Prometheus."""

    grafana_workspace_id: pulumi.Output[str] | None
    """Managed Grafana; None if the spec does not ask for it."""

    def log_group(self, scope: Scope, role: str, name: str, *, temporary: bool = False) -> cloudwatch.LogGroup:
        """A log group with the platform's retention and key, created before the service that writes to it.

        A temporary one is deleted by a later update, and so never protected.
        """
        from mlplatform.backends.aws.telemetry.log_group import make_log_group

        days, key = self.log_retention_days, self.log_key_arn
        return make_log_group(scope, role, name, retention_days=days, key_arn=key, temporary=temporary)
