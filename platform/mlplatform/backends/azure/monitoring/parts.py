"""Parts of monitoring."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.components.routes import RoutesParts


@dataclass(frozen=True, kw_only=True)
class AzureRoutes(RoutesParts):
    """Action groups; `targets` holds one action group id per severity, none where the severity has no route."""
