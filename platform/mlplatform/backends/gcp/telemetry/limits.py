"""Limits of telemetry on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec

MAX_LOG_DAYS = 3650
"""Longest retention of a log bucket, days."""

GRAFANA_CACHE = "grafana-cache"
"""Name of the image repository that Grafana's image is pulled through; no other repository may have it."""


def _long_logs(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    days = spec.monitoring.log_retention_days
    if days and days > MAX_LOG_DAYS:
        yield "monitoring.log_retention_days", str(days)


LIMITS = (
    Limit(
        field="monitoring.log_retention_days",
        support="partial",
        reason=f"a log bucket keeps logs for at most {MAX_LOG_DAYS} days",
        alternative=f"lower it to {MAX_LOG_DAYS}",
        violations=_long_logs,
    ),
)
"""Fields of telemetry that GCP honours only in part."""
