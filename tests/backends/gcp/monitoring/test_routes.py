"""Notification channels: one after another, with their secrets kept."""

from __future__ import annotations

from itertools import pairwise

from mlplatform.plan.model import document_value

from ....planned import Planned


def test_channels_are_made_one_after_another(prod: Planned) -> None:
    order = ["automation", "email-oncall-acme-example", "slack-ml-alerts", "webhook-hook", "pagerduty-pagerduty"]
    for first, then in pairwise(order):
        assert f"routes-{first}" in prod.after(f"routes-{then}")
    assert "routes-pagerduty-pagerduty" in prod.after("budget-email-finance-acme-example")


def test_secrets_of_channels_stay_secret(prod: Planned) -> None:
    for name, field in (("slack-ml-alerts", "sensitiveLabels"), ("webhook-hook", "labels")):
        shown = str(document_value(prod.one(f"routes-{name}").inputs[field]))
        assert "[secret]" in shown
        assert "set-by-pulumi-config" not in shown


def test_automation_is_published_by_the_monitoring_agent(prod: Planned) -> None:
    assert "routes-automation-publisher" in prod.after("routes-automation")
    publisher = prod.one("routes-automation-publisher").inputs
    assert publisher["role"] == "roles/pubsub.publisher"
    assert "gcp-sa-monitoring-notification" in str(publisher["member"])
