"""Rules of the region's quotas."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.monitoring import AlertsSpec


def quota_rules(target: GcpTarget, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Rules for quotas that are nearly used up, or exceeded."""
    matchers = f'monitored_resource="consumer_quota",location=~"{target.region}|global"'
    # usage has no label with the limit's name, and is written on changes and once a day; a limit below zero means none
    labels = "quota_metric, location"
    used = f"max by ({labels}) (last_over_time(serviceruntime_googleapis_com:quota_allocation_usage{{{matchers}}}[1d]))"
    limit = f"min by ({labels}) (last_over_time(serviceruntime_googleapis_com:quota_limit{{{matchers}}}[1d]) > 0)"
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
        # a boolean, not a counter
        f"max by (quota_metric) (max_over_time(serviceruntime_googleapis_com:quota_exceeded{{{matchers}}}[10m])) > 0",
        "warning",
        advice="Ask for more on the console's quota page.",
    )
