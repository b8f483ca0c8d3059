"""Parts of alert routes, for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.components.routes import RoutesParts


@dataclass(frozen=True, kw_only=True)
class AwsRoutes(RoutesParts):
    """Topics; `targets` holds one topic ARN per severity."""
