"""Alerts reach every route that asked for them."""

from __future__ import annotations

import json

from mlplatform import (
    MonitoringSpec,
)

from ....planned import Planned
from ..conftest import ACCOUNT


def test_topics_are_encrypted_and_open_to_this_accounts_services(prod: Planned) -> None:
    for severity in ("critical", "warning"):
        assert prod.one(f"routes-{severity}").inputs["kmsMasterKeyId"] == prod.one("keys-monitoring").outputs["arn"]
        statements = prod.document(f"routes-{severity}-policy")
        assert statements["Alerts"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        assert "cloudwatch.amazonaws.com" in statements["Alerts"]["Principal"]["Service"]
        assert statements["OnlyTls"]["Effect"] == "Deny"


def test_mail_takes_all_and_a_pager_the_critical_ones(prod: Planned) -> None:
    assert prod.has("routes-email-oncall-acme-example-critical")
    assert prod.has("routes-email-oncall-acme-example-warning")
    pager = prod.one("routes-pagerduty-pagerduty-critical").inputs
    assert "4dabf18193072939515e22adb298388d" in pager["endpoint"], "the integration key is a secret"
    assert not prod.has("routes-pagerduty-pagerduty-warning")


def test_slack_reads_metrics_and_nothing_else(prod: Planned) -> None:
    channel = prod.one("routes-slack-ml-alerts").inputs
    assert channel["slackChannelId"] == "C0123456789"
    assert len(channel["snsTopicArns"]) == 2
    assert channel["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]


def test_webhooks_are_posted_and_what_fails_is_kept(prod: Planned) -> None:
    pattern = json.loads(str(prod.one("routes-webhook-hook-rule").inputs["eventPattern"]))
    assert pattern["detail"]["alarmName"] == [{"prefix": "acme-ml-prod-critical-"}]
    destination = prod.one("routes-webhook-hook").inputs
    assert "4dabf18193072939515e22adb298388d" in destination["invocationEndpoint"], "the address is a secret"
    target = prod.one("routes-webhook-hook-target").inputs
    assert target["deadLetterConfig"]["arn"] == prod.one("routes-undelivered").outputs["arn"]
    assert {"routes-webhooks-rights", "routes-undelivered-policy"} <= prod.directly_after("routes-webhook-hook-target")
    assert prod.one("routes-undelivered").inputs["kmsMasterKeyId"] == prod.one("keys-monitoring").outputs["arn"]


def test_without_routes_alarms_still_have_a_topic(planned) -> None:
    plan = planned(monitoring=MonitoringSpec())
    assert len(plan.all("Topic")) == 2
    assert not plan.all("TopicSubscription")
    assert not plan.all("Queue")
