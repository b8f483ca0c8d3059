"""Alerts and routes that GCP refuses."""

from __future__ import annotations

from mlplatform import AlertsSpec, EmailRoute, MonitoringSpec

from ..conftest import problems, refused


def test_a_route_is_named_once() -> None:
    twice = (EmailRoute("a@b.example", severities=("critical",)), EmailRoute("a@b.example", severities=("warning",)))
    refused("monitoring.routes[1]", "merge", monitoring=MonitoringSpec(routes=twice))


def test_an_alert_tells_sixteen() -> None:
    many = tuple(EmailRoute(f"{number}@acme.example") for number in range(17))
    refused("monitoring.routes", "17 routes", "mailing group", monitoring=MonitoringSpec(routes=many))
    assert not problems(monitoring=MonitoringSpec(routes=many[:16]))


def test_an_idle_time_no_alert_can_wait_is_refused() -> None:
    long = MonitoringSpec(alerts=AlertsSpec(gpu_idle_minutes=1440))
    refused("monitoring.alerts.gpu_idle_minutes", "1410", monitoring=long)
