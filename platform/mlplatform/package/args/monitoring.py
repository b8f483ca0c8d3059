"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict


class AlertsSpec(TypedDict):
    """Thresholds of the standard alert rules."""

    error_rate_percent: NotRequired[float]
    """Share of failed requests of an endpoint over five minutes; critical, and rolls back a rollout."""

    latency_p99_ms: NotRequired[int]
    """99th percentile of an endpoint's response time over five minutes, milliseconds; rolls back a rollout."""

    saturation_percent: NotRequired[int]
    """CPU, memory or GPU use of an endpoint or of the cluster's nodes."""

    gpu_idle_percent: NotRequired[int]
    """GPU use below which a running node counts as idle."""

    gpu_idle_minutes: NotRequired[int]
    """Minutes for which a GPU may be idle before an alert."""

    queue_stalled_minutes: NotRequired[int]
    """Minutes for which jobs may wait in a queue that has free devices and admits none, before an alert.

    Needs `cluster` and `prometheus`: the queue's own metrics tell it.
    """

    quota_percent: NotRequired[int]
    """Use of a quota at which a warning is sent."""


class MonitoringSpec(TypedDict):
    """Logs, metrics, alerts, dashboards, and the routes of alerts."""

    log_retention_days: NotRequired[int]
    """Days for which logs are kept, rounded up to a value that the cloud offers. Omitted: 365 in prod, 30 elsewhere."""

    alerts: NotRequired[AlertsSpec]
    """Thresholds of the alert rules."""

    routes: NotRequired[Sequence[Any]]
    """Routes of alerts. Omitted: alerts are raised and shown, but sent to nobody."""

    dashboards: NotRequired[bool]
    """A dashboard per endpoint, and one for the cluster's GPUs."""

    prometheus: NotRequired[bool]
    """The cloud's managed Prometheus for the cluster's metrics."""

    grafana: NotRequired[bool]
    """Managed Grafana with the platform's metrics."""
