"""Log retention that GCP refuses."""

from __future__ import annotations

from mlplatform import MonitoringSpec

from ..conftest import refused


def test_logs_are_kept_ten_years_at_most() -> None:
    refused("monitoring.log_retention_days", "3650", monitoring=MonitoringSpec(log_retention_days=3653))
