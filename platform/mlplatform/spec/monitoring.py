"""Monitoring: logs, metrics, alert rules, routes, dashboards."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from mlplatform.spec.base import Name, SpecModel, default

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Severity = Literal["critical", "warning"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning")


class _Route(SpecModel):
    severities: tuple[Severity, ...] = SEVERITIES
    """Severities of the alerts that take this route. Omitted: all."""


class EmailRoute(_Route):
    """Alerts by e-mail; AWS asks the address for a confirmation once."""

    kind: Literal["email"] = "email"
    """Kind of route."""

    address: Email
    """E-mail address of the recipient."""

    def __init__(self, address: str | None = None, **data: object) -> None:
        # optional for Python alone: data without it must reach the validator instead of a TypeError
        fields: dict[str, Any] = data if address is None else {"address": address, **data}
        super().__init__(**fields)


class WebhookRoute(_Route):
    """Alerts as an HTTPS POST; the URL is a secret and stays in the platform's secret store or Pulumi config."""

    kind: Literal["webhook"] = "webhook"
    """Kind of route."""

    name: Name
    """Name of the route."""

    url_secret: Name
    """Pulumi config key that holds the URL: `pulumi config set --secret mlplatform:<key> https://…`."""


class SlackRoute(_Route):
    """Alerts in a Slack channel; the workspace is authorised once by a person."""

    kind: Literal["slack"] = "slack"
    """Kind of route."""

    channel: str = Field(pattern=r"^#[a-z0-9_-]{1,79}$")
    """Channel name with its `#`."""

    channel_id: str = Field(pattern=r"^[CG][A-Z0-9]{8,}$")
    """Slack's id of the channel."""

    team_id: str = Field(pattern=r"^T[A-Z0-9]{6,}$")
    """Slack's id of the workspace."""

    token_secret: Name = "slack-token"
    """Pulumi config key that holds the bot token or webhook URL, where the cloud needs one."""


class PagerDutyRoute(_Route):
    """Alerts that page somebody by PagerDuty; the integration key is a secret."""

    kind: Literal["pagerduty"] = "pagerduty"
    """Kind of route."""

    name: Name = "pagerduty"
    """Name of the route."""

    key_secret: Name = "pagerduty-key"
    """Pulumi config key that holds the integration key."""


Route = Annotated[EmailRoute | WebhookRoute | SlackRoute | PagerDutyRoute, Field(discriminator="kind")]


class AlertsSpec(SpecModel):
    """Thresholds of the standard alert rules."""

    error_rate_percent: float = Field(default=2.0, gt=0, le=100)
    """Share of failed requests of an endpoint over five minutes; critical, and rolls back a rollout."""

    latency_p99_ms: int = Field(default=1000, ge=1, le=60000)
    """99th percentile of an endpoint's response time over five minutes, milliseconds; rolls back a rollout."""

    saturation_percent: int = Field(default=90, ge=10, le=100)
    """CPU, memory or GPU use of an endpoint or of the cluster's nodes."""

    gpu_idle_percent: int = Field(default=10, ge=1, le=50)
    """GPU use below which a running node counts as idle."""

    gpu_idle_minutes: int = Field(default=60, ge=10, le=1440)
    """Minutes for which a GPU may be idle before an alert."""

    queue_stalled_minutes: int = Field(default=240, ge=30, le=1440)
    """Minutes for which jobs may wait in a queue that has free devices and admits none, before an alert.

    Needs `cluster` and `prometheus`: the queue's own metrics tell it.
    """

    quota_percent: int = Field(default=80, ge=10, le=100)
    """Use of a quota at which a warning is sent."""


class MonitoringSpec(SpecModel):
    """Logs, metrics, alerts, dashboards, and the routes of alerts."""

    log_retention_days: int | None = Field(default=None, ge=1, le=3653)
    """Days for which logs are kept, rounded up to a value that the cloud offers. Omitted: 365 in prod, 30 elsewhere."""

    alerts: AlertsSpec = default(AlertsSpec)
    """Thresholds of the alert rules."""

    routes: tuple[Route, ...] = ()
    """Routes of alerts. Omitted: alerts are raised and shown, but sent to nobody."""

    dashboards: bool = True
    """A dashboard per endpoint, and one for the cluster's GPUs."""

    prometheus: bool = True
    """The cloud's managed Prometheus for the cluster's metrics."""

    grafana: bool = False
    """Managed Grafana with the platform's metrics."""

    def secret_keys(self) -> tuple[str, ...]:
        """Keys of the stack's configuration that the routes read, sorted."""
        keys = {route.url_secret for route in self.routes if isinstance(route, WebhookRoute)}
        keys |= {route.token_secret for route in self.routes if isinstance(route, SlackRoute)}
        keys |= {route.key_secret for route in self.routes if isinstance(route, PagerDutyRoute)}
        return tuple(sorted(keys))
