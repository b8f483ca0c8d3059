"""Outputs of monitoring for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.components.routes import RoutesParts


@dataclass(frozen=True, kw_only=True)
class GcpRoutes(RoutesParts):
    """Notification channels; `targets` holds channel names. Each channel depends on the last, for serial writes."""

    topic_id: pulumi.Output[str]
    """`projects/P/topics/T`: receives alerts that start automation (a rollback, a retraining)."""

    automation: pulumi.Output[str]
    """Channel that publishes to the topic; add it to alerts that start automation."""

    emails: Mapping[str, pulumi.Output[str]]
    """Channel name by e-mail address; a budget accepts no other channels."""

    last: pulumi.Resource
    """The last channel: any further channel must depend on it."""
