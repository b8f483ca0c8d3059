"""Alerts reach every route that asked for them."""

from __future__ import annotations

import json
from collections.abc import Callable

from mlplatform import EmailRoute, MonitoringSpec, WebhookRoute

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


def reached(plan: Planned, topic: str) -> set[str]:
    """Receivers of what is published to a topic, each at the end of its way: an address, or a webhook's destination."""
    arn, found = plan.one(topic).outputs["arn"], set[str]()
    queues = {str(step.outputs["arn"]): step for step in plan.all("Queue")}
    for step in plan.all("TopicSubscription"):
        if step.inputs["topic"] != arn:
            continue
        queue = queues.get(str(step.inputs["endpoint"]))
        if queue is None:
            found.add(str(step.inputs["protocol"]))
            continue
        (policy,) = [p for p in plan.all("QueuePolicy") if p.inputs["queueUrl"] == queue.outputs["url"]]
        (senders, _) = json.loads(str(policy.inputs["policy"]))["Statement"]
        assert arn in senders["Condition"]["ArnEquals"]["aws:SourceArn"], "the queue takes the topic's messages"
        found |= {
            str(pipe.inputs["target"]) for pipe in plan.all("Pipe") if pipe.inputs["source"] == queue.outputs["arn"]
        }
    return found


def test_webhooks_get_what_mail_gets(planned: Callable[..., Planned]) -> None:
    """Alarms, events of services and alerts of Prometheus: everybody publishes to the topics, and nobody past them."""
    hook = WebhookRoute(name="all", url_secret="hook-url")
    plan = planned(monitoring=MonitoringSpec(routes=(EmailRoute("oncall@acme.example"), hook)))
    destination = str(plan.one("routes-webhook-all").outputs["arn"])
    for severity in ("critical", "warning"):
        assert reached(plan, f"routes-{severity}") == {"email", destination}, severity


def test_everybody_publishes_to_the_topics(prod: Planned) -> None:
    """What is published elsewhere would reach mail by another way than webhooks."""
    topics = {str(prod.one(f"routes-{severity}").outputs["arn"]) for severity in ("critical", "warning")}
    assert prod.has("monitoring-launch-failures")
    assert {str(step.inputs["arn"]) for step in prod.all("EventTarget")} <= topics
    manager = json.loads(str(prod.one("monitoring-alert-manager").inputs["definition"]))["alertmanager_config"]
    assert all(topic in manager for topic in topics), "alerts of Prometheus"


def test_webhooks_are_posted_and_what_fails_is_kept_and_told(prod: Planned) -> None:
    destination = prod.one("routes-webhook-hook").inputs
    assert "4dabf18193072939515e22adb298388d" in destination["invocationEndpoint"], "the address is a secret"
    arn = str(prod.one("routes-webhook-hook").outputs["arn"])
    assert arn in reached(prod, "routes-critical")
    assert arn not in reached(prod, "routes-warning"), "its severities leave warnings out"
    undelivered = prod.one("routes-undelivered")
    queue = prod.one("routes-webhook-hook-queue").inputs
    assert json.loads(str(queue["redrivePolicy"]))["deadLetterTargetArn"] == undelivered.outputs["arn"]
    assert "routes-webhooks-rights" in prod.directly_after("routes-webhook-hook-pipe")
    assert queue["kmsMasterKeyId"] == undelivered.inputs["kmsMasterKeyId"] == prod.one("keys-monitoring").outputs["arn"]
    alarm = prod.one("monitoring-alarm-alerts-undelivered").inputs
    (metric,) = [alarm] if "metricName" in alarm else [query["metric"] for query in alarm["metricQueries"]]
    assert (metric["namespace"], metric["metricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert metric["dimensions"] == {"QueueName": undelivered.outputs["name"]}


def test_without_routes_alarms_still_have_a_topic(planned) -> None:
    plan = planned(monitoring=MonitoringSpec())
    assert len(plan.all("Topic")) == 2
    assert not plan.all("TopicSubscription")
    assert not plan.all("Queue")
