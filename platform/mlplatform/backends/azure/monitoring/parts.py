"""What monitoring hands to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.components.routes import RoutesParts


@dataclass(frozen=True, kw_only=True)
class AzureRoutes(RoutesParts):
    """Action groups; `targets` holds one action group id per severity, none where nobody is told."""
