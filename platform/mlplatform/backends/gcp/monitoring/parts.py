"""What monitoring hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.components.routes import RoutesParts


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
