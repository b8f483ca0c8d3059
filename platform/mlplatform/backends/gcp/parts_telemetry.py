"""What GCP components hand to each other about logs, metrics and who is told. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.gcp.parts import GcpFoundation
from mlplatform.components.routes import RoutesParts
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


@dataclass(frozen=True, kw_only=True)
class GcpRoutes(RoutesParts):
    """Notification channels; `targets` holds channel names, one after another in the API's wish for serial writes."""

    topic_id: pulumi.Output[str]
    """`projects/P/topics/T`: alerts that start automation (a rollback, a retraining) are published here."""

    automation: pulumi.Output[str]
    """Channel that publishes to the topic; add it to the alerts that start something."""

    emails: Mapping[str, pulumi.Output[str]]
    """Channel name by e-mail address; the budget takes only these."""

    last: pulumi.Resource
    """The channel made last: whoever makes another one waits for it."""
