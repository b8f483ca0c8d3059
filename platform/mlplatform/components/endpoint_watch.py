"""What alerts and charts of an endpoint on the cluster are, before any cloud's form. Imports no SDK."""

from __future__ import annotations

from mlplatform.fast.record import record
from mlplatform.spec.monitoring import Severity


@record(kw_only=True)
class EndpointRule:
    """A condition that raises an alert while it holds."""

    role: str
    """Part of its names."""

    title: str
    """Heading of the alert."""

    query: str
    """PromQL; an answer raises the alert."""

    severity: Severity
    """Selects the routes that are notified."""

    minutes: int = 1
    """Minutes that the condition must hold."""

    advice: str
    """What to do about it."""

    @property
    def alert(self) -> str:
        """Its name where names are words without hyphens: `EndpointAnswersFailed`."""
        return "Endpoint" + "".join(word.capitalize() for word in self.role.split("-"))


@record(kw_only=True)
class EndpointChart:
    """A chart over time."""

    title: str
    """Heading, with the unit."""

    query: str
    """PromQL; each series in its answer is a line."""
