"""What makes somebody notice: alarms, receivers, metrics, logs, audits, budgets."""

from __future__ import annotations

from mlplatform.risk.guards.rows import Row
from mlplatform.risk.guards.tables.monitoring.aws import AWS
from mlplatform.risk.guards.tables.monitoring.azure import AZURE
from mlplatform.risk.guards.tables.monitoring.gcp import GCP
from mlplatform.risk.guards.tables.monitoring.kubernetes import KUBERNETES

MONITORING: tuple[Row, ...] = (*AWS, *GCP, *AZURE, *KUBERNETES)
