"""What Azure refuses in alert routes."""

from __future__ import annotations

from mlplatform import (
    EmailRoute,
    MonitoringSpec,
    PagerDutyRoute,
    WebhookRoute,
)

from ..conftest import problems, refused


def test_receivers_of_one_severity_have_different_names() -> None:
    twice = MonitoringSpec(routes=(PagerDutyRoute(name="pager"), WebhookRoute(name="pager", url_secret="url")))
    refused("monitoring.routes[1]", "pager", monitoring=twice)
    same = MonitoringSpec(routes=(EmailRoute("a@b.example"), EmailRoute("a@b.example")))
    refused("monitoring.routes[1]", "a@b.example", monitoring=same)
    apart = MonitoringSpec(
        routes=(
            PagerDutyRoute(name="pager", severities=("critical",)),
            WebhookRoute(name="pager", url_secret="url", severities=("warning",)),
        )
    )
    assert problems(monitoring=apart) == {}
