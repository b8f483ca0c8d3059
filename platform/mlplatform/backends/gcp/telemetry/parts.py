"""Outputs of telemetry for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.components.telemetry import TelemetryParts

if TYPE_CHECKING:
    from pulumi_gcp import logging


@dataclass(frozen=True, kw_only=True)
class GcpTelemetry(TelemetryParts):
    """The log bucket; Managed Prometheus is the project's own, Grafana a Cloud Run service."""

    foundation: GcpFoundation
    """Services and agents."""

    log_bucket: str
    """`projects/P/locations/R/buckets/B`, the log bucket of the platform."""

    log_view: logging.LogView
    """View of that bucket for people who work with the platform."""

    log_retention_days: int
    """Days logs are kept."""
