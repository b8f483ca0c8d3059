"""Rules of the region's quotas."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.monitoring.alerts import AlertRule
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.monitoring import AlertsSpec


def quota_rules(target: GcpTarget, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Quotas that are nearly used up, or in the way."""
    where = f'monitored_resource="consumer_quota",location=~"{target.region}|global"'
    # usage carries no limit's name, is written when it changes or once a day, and a limit below zero is none
    same = "quota_metric, location"
    used = f"max by ({same}) (last_over_time(serviceruntime_googleapis_com:quota_allocation_usage{{{where}}}[1d]))"
    limit = f"min by ({same}) (last_over_time(serviceruntime_googleapis_com:quota_limit{{{where}}}[1d]) > 0)"
    yield AlertRule(
        "quota-near",
        f"More than {alerts.quota_percent} % of a quota is used",
        f"100 * {used} / {limit} > {alerts.quota_percent}",
        "warning",
        minutes=10,
        advice="Ask for more on the console's quota page before a pool or an endpoint cannot grow.",
    )
    yield AlertRule(
        "quota-exceeded",
        "A request was refused because a quota is used up",
        # true or not, no counter
        f"max by (quota_metric) (max_over_time(serviceruntime_googleapis_com:quota_exceeded{{{where}}}[10m])) > 0",
        "warning",
        advice="Ask for more on the console's quota page.",
    )
