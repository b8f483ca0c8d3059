"""A chart over time, of a dashboard of Cloud Monitoring or of Grafana. Imports no SDK."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over time."""

    title: str
    """Heading, with the unit."""

    queries: tuple[str, ...]
    """PromQL, one per set of lines."""
