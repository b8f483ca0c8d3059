"""Parts of alert routes, for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.components.routes import RoutesParts


@dataclass(frozen=True, kw_only=True)
class AwsRoutes(RoutesParts):
    """Topics; `targets` holds one topic ARN per severity."""

    undelivered: pulumi.Output[str] | None = None
    """Name of the queue of alerts that no webhook took; None without webhooks."""
