"""Every alert reaches somebody."""

from __future__ import annotations

import re

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_NAMES = re.compile(r'"([^"]*)"|\(([^()"]*)\)')
"""Names in an alarm's rule: `ALARM("high errors") OR ALARM(slow)`."""


def _heard(alarm: Resource) -> list[CheckFault]:
    if not alarm.true("actionsEnabled", default=True):
        return [CheckFault("The alarm's actions are disabled.", "actionsEnabled")]
    if alarm.has("alarmActions[]"):
        return []
    return [CheckFault("The alarm notifies nobody.", "alarmActions")]


def _alone(alarm: Resource) -> bool:
    # an alarm that a composite alarm or a rollout watches need not notify by itself
    watched, unknown = alarm.index.cached(_watched)
    name = alarm.text("name")
    if unknown and name not in watched:
        raise UnknownInput("name")
    return name not in watched


def _watched(index: PlanIndex) -> tuple[frozenset[str], bool]:
    """Names of the alarms that others watch, and whether there are more that cannot be known yet."""
    names: set[str] = set()
    unknown = False
    for one in (
        *index.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm"),
        *index.of_type("aws:sagemaker/endpoint:Endpoint"),
    ):
        try:
            names.update(quoted or plain for quoted, plain in _NAMES.findall(one.text("alarmRule")))
            names.update(one.texts("deploymentConfig.autoRollbackConfiguration.alarms[].alarmName"))
        except UnknownInput:
            unknown = True
    return frozenset(names), unknown


_ALARMS = ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_CHANNEL = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"


def _subscribed(topic: Resource) -> list[CheckFault]:
    if topic.siblings(_SUBSCRIPTION, "topic"):
        return []
    if any(_names_topic(channel, "snsTopicArns", topic) for channel in topic.index.of_type(_CHANNEL)):
        return []
    return [CheckFault("Alarms publish to the topic, and nobody subscribes to it.")]


def _announces(topic: Resource) -> bool:
    alarms = [alarm for token in _ALARMS for alarm in topic.index.of_type(token)]
    return any(_names_topic(alarm, "alarmActions", topic) for alarm in alarms)


def _names_topic(other: Resource, prop: str, topic: Resource) -> bool:
    if topic.step.urn in other.from_others(prop):
        return True
    try:
        return topic.step.outputs.get("arn") in other.texts(f"{prop}[]")
    except UnknownInput:
        return False


RULE = CheckRule(
    id="alert-receivers",
    level="low",
    topic="monitoring",
    title="Every alert reaches somebody",
    why="An alert that nobody receives is noticed after the outage.",
    fix="Send it to a route (monitoring.routes).",
    entries=(
        Entry(
            ("aws:cloudwatch/metricAlarm:MetricAlarm",),
            _heard,
            refs=("AWS FSBP CloudWatch.15", "AWS FSBP CloudWatch.17"),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
            when=_alone,
            siblings=True,
        ),
        Entry(
            ("aws:cloudwatch/compositeAlarm:CompositeAlarm",),
            _heard,
            refs=("AWS FSBP CloudWatch.15",),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
        ),
        Entry(
            ("aws:sns/topic:Topic",),
            _subscribed,
            link="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
            when=_announces,
            siblings=True,
        ),
        Entry(
            ("gcp:monitoring/alertPolicy:AlertPolicy",),
            is_set("notificationChannels[]", "The alert notifies nobody."),
            link="https://cloud.google.com/monitoring/alerts",
        ),
        Entry(
            ("azure-native:monitor:MetricAlert",),
            is_set("actions[].actionGroupId", "The alert notifies nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
        Entry(
            ("azure-native:monitor:ScheduledQueryRule",),
            is_set("actions.actionGroups[]", "The alert notifies nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
    ),
)
