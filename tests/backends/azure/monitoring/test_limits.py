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


def test_receivers_fit_into_an_action_group() -> None:
    hooks = tuple(WebhookRoute(name=f"hook-{n}", url_secret=f"hook-{n}", severities=("critical",)) for n in range(11))
    refused("monitoring.routes", "11 webhook", "at most 10", monitoring=MonitoringSpec(routes=hooks))
    assert problems(monitoring=MonitoringSpec(routes=hooks[:10])) == {}
    mails = tuple(EmailRoute(f"a{n}@b.example") for n in range(60))
    assert problems(monitoring=MonitoringSpec(routes=mails)) == {}
