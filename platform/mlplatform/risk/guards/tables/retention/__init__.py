"""How long data, copies and logs are kept."""

from __future__ import annotations

from mlplatform.risk.guards.rows import Row
from mlplatform.risk.guards.tables.retention.aws import AWS
from mlplatform.risk.guards.tables.retention.azure import AZURE
from mlplatform.risk.guards.tables.retention.gcp import GCP

RETENTION: tuple[Row, ...] = (*AWS, *GCP, *AZURE)
